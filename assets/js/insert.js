// Words put where the caret is: a field of a template, a text that is ready. Without script they can be copied.

let last = null; // the box that was being written in

export function insertions() {
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea, input[type=text]")) last = target;
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-insert]");
    if (!button) return;
    const { insert, into, also } = button.dataset;
    const box = also && last?.matches(also) ? last : document.querySelector(into);
    if (!box) return;
    box.setRangeText(insert, box.selectionStart, box.selectionEnd, "end");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
