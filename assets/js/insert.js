// Words put where the caret is: a field of a template, a text that is ready. Without script they can be copied.

let last = null; // the box that was being written in

function put(words, box, ownLine) {
  const [start, end] = last === box ? [box.selectionStart, box.selectionEnd] : [box.value.length, box.value.length];
  const before = ownLine && start && box.value[start - 1] !== "\n" ? "\n" : "";
  const after = ownLine && end < box.value.length && box.value[end] !== "\n" ? "\n" : "";
  box.focus();
  box.setRangeText(before + words + after, start, end, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

export function insertions() {
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea, input[type=text]")) last = target;
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-insert]");
    if (!button) return;
    const { insert, into, also, ownLine } = button.dataset;
    const box = also && last?.matches(also) ? last : document.querySelector(into);
    if (box) put(insert, box, ownLine !== undefined);
  });
}
