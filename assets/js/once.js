// A form is sent once: the second click or Enter does nothing until the page comes back.

function sent(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "many" in form.dataset) return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  // aria-disabled and not disabled: a disabled button would not be sent with its name and would lose the focus
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
}

/** Ready again: after "Back", or when htmx got its answer. */
export function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
}

export function once() {
  document.addEventListener("submit", sent);
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
}
