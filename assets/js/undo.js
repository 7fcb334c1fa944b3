// Counts down the seconds in which a message may be taken back; then says that it has gone.

export function undo() {
  const strip = document.querySelector("[data-undo]");
  if (!strip) return;
  const number = strip.querySelector("[data-undo-seconds]");
  const until = Date.now() + Number(number.textContent) * 1000;
  const clock = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    number.textContent = String(Math.max(left, 0));
    if (left > 0) return;
    clearInterval(clock);
    const hadFocus = strip.contains(document.activeElement);
    strip.querySelector("form").remove();
    strip.querySelector("p").textContent = strip.dataset.undo;
    if (hadFocus) document.getElementById("main")?.focus();
  }, 500);
}
