// « Utiliser ma position »: asked only when the button is pressed; the answer fills the form and moves the pin.

const WAIT_MS = 10_000;

function found(button, said, { coords }) {
  const map = button.closest("details, form").querySelector("[data-map]");
  for (const [name, degrees] of [["lon", coords.longitude], ["lat", coords.latitude]]) {
    const field = document.querySelector(map.dataset[name]);
    if (field) field.value = degrees.toFixed(5);
  }
  map.dispatchEvent(new CustomEvent("place:found", { detail: { lon: coords.longitude, lat: coords.latitude } }));
  said.textContent = button.dataset.sayFound;
}

export function locate() {
  for (const button of document.querySelectorAll("[data-locate]")) {
    const said = button.closest("details, form").querySelector("[data-locate-said]");
    if (!navigator.geolocation) { button.hidden = true; continue; }
    button.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        (position) => found(button, said, position),
        () => { said.textContent = button.dataset.sayNone; },
        { enableHighAccuracy: true, timeout: WAIT_MS },
      );
    });
  }
}
