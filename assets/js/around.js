// « Par distance »: the position is asked only when the button is pressed, and sent rounded to a hundred metres.

const WAIT_MS = 10_000;
const rounded = (degrees) => degrees.toFixed(3);

export function around() {
  const form = document.querySelector("form[data-around]");
  if (!form || !navigator.geolocation) return;
  const said = document.querySelector("[data-around-said]");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.lon.value) return;
    event.preventDefault();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lon.value = rounded(coords.longitude);
        form.elements.lat.value = rounded(coords.latitude);
        form.submit();
      },
      () => { said.textContent = form.dataset.sayNone; },
      { enableHighAccuracy: true, timeout: WAIT_MS },
    );
  });
}
