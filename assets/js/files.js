// Files to join: several picks add up, each is seen before it leaves, and may be dropped on the form.
const SMALL = /^image\/(jpeg|png|webp|gif)$/;

export function files(root) {
  for (const field of root.querySelectorAll("[data-files]:not([data-awake])")) {
    field.dataset.awake = "";
    const input = field.querySelector("input[type=file]");
    const list = field.querySelector("[data-files-chosen]");
    let held = new DataTransfer();
    const add = (files) => {
      [...files].forEach((file) => { if (![...held.files].some((known) => same(known, file))) held.items.add(file); });
      input.files = held.files;
      show();
    };
    const show = () => {
      const fold = field.closest("details");
      if (fold && held.files.length) fold.open = true;
      list.querySelectorAll("img").forEach((img) => URL.revokeObjectURL(img.src));
      list.replaceChildren(...[...held.files].map((file) => line(file, () => remove(file))));
    };
    const remove = (gone) => {
      const kept = new DataTransfer();
      [...held.files].filter((file) => file !== gone).forEach((file) => kept.items.add(file));
      held = kept;
      input.files = held.files;
      show();
      input.focus();
    };
    input.addEventListener("change", () => add(input.files));
    const form = field.closest("form");
    form.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      field.classList.add("over");
    });
    form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) field.classList.remove("over"); });
    form.addEventListener("drop", (event) => {
      field.classList.remove("over");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      add(event.dataTransfer.files);
    });
  }
}

function same(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

function line(file, remove) {
  const item = document.createElement("li");
  if (SMALL.test(file.type)) {
    const img = document.createElement("img");
    img.src = URL.createObjectURL(file);
    img.alt = "";
    img.width = 96;
    item.append(img);
  }
  const name = document.createElement("span");
  name.className = "file-name";
  name.textContent = file.name;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn btn-quiet btn-small";
  drop.textContent = document.documentElement.lang === "en" ? "Remove" : "Retirer";
  drop.setAttribute("aria-label", `${drop.textContent} ${file.name}`);
  drop.addEventListener("click", remove);
  item.append(name, drop);
  return item;
}
