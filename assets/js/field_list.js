// « Par distance » without network: the list is sorted here, and the position does not leave the telephone.

const EARTH_M = 6_371_000;
const radians = (degrees) => (degrees * Math.PI) / 180;

function metres(lon, lat, { lon: otherLon, lat: otherLat }) {
  const chord = Math.sin(radians(otherLat - lat) / 2) ** 2
    + Math.cos(radians(lat)) * Math.cos(radians(otherLat)) * Math.sin(radians(otherLon - lon) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, chord)));
}

function sort({ coords }) {
  const away = (item) => {
    const { lon, lat } = item.querySelector("a").dataset;
    return lon && lat ? metres(Number(lon), Number(lat), { lon: coords.longitude, lat: coords.latitude }) : Infinity;
  };
  for (const list of document.querySelectorAll("ul.ground-list")) {
    list.replaceChildren(...[...list.children].sort((one, other) => away(one) - away(other)));
  }
}

/** Only on a page kept in the telephone: with the network, the server groups what is near. */
export function sortHere() {
  const form = document.querySelector("form[data-around]");
  if (!form || !document.body.dataset.keptAt || !navigator.geolocation) return;
  const said = document.querySelector("[data-around-said]");
  form.method = "get"; // nothing leaves the page: no session is asked for
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    navigator.geolocation.getCurrentPosition(sort, () => { said.textContent = form.dataset.sayNone; });
  }, true);
}
