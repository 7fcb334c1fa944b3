// After a refused form: the summary takes the focus, and its links put the cursor in the field.

export function errorSummary() {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const target = event.target.closest("a[href^='#']");
    const field = target && document.getElementById(target.getAttribute("href").slice(1));
    const control = field?.matches("input, select, textarea") ? field : field?.querySelector("input, select, textarea");
    if (!control) return;
    event.preventDefault();
    control.focus();
    control.scrollIntoView({ block: "center" });
  });
}
