// Native <details> menus close like menus: Escape, or a click elsewhere. Buttons that print.

function closeAll(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== except) menu.open = false;
}

function clicked(event) {
  closeAll(event.target.closest("details[data-menu]"));
  if (event.target.closest("[data-print]")) window.print();
}

export function menus() {
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
