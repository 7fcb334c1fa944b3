// A map drawn from our own outlines, with or without tiles; a pin that mouse, touch and arrows move.

import L from "leaflet";

const STEP_PX = 10;
const OUTLINES_ZOOM = 13; // without tiles, closer than this shows nothing but an empty ground
const PIN = '<svg viewBox="0 0 24 32" width="24" height="32" aria-hidden="true"><path fill="currentColor" stroke="#fff" d="M12 1a11 11 0 0 0-11 11c0 8 11 19 11 19s11-11 11-19A11 11 0 0 0 12 1z"/><circle cx="12" cy="12" r="4" fill="#fff"/></svg>';

let stylesheet;

function loadStyle() {
  stylesheet ??= new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", onload: resolve, onerror: reject });
    link.href = new URL(MAP_CSS, import.meta.url).href;
    document.head.append(link);
  });
  return stylesheet;
}

export class Place {
  constructor(element) {
    this.element = element;
    this.lon = document.querySelector(element.dataset.lon || null);
    this.lat = document.querySelector(element.dataset.lat || null);
    loadStyle().then(() => this.#draw());
  }

  async #draw() {
    const { zoom, tiles, attribution, outlines, points } = this.element.dataset;
    this.zoom = Math.min(Number(zoom || 15), tiles ? 19 : OUTLINES_ZOOM);
    this.map = L.map(this.element, { attributionControl: Boolean(tiles), zoomSnap: 0.5 }).setView([46.6, 2.4], 6);
    if (tiles) L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(this.map);
    this.#listen();
    if (this.lon?.value && this.lat?.value) this.put(Number(this.lon.value), Number(this.lat.value), false);
    if (outlines) await this.#outlines(outlines);
    if (points) await this.#points(points);
  }

  async #json(url) {
    const answer = await fetch(url, { credentials: "same-origin" });
    return answer.ok ? answer.json() : { type: "FeatureCollection", features: [] };
  }

  async #outlines(url) {
    const layer = L.geoJSON(await this.#json(url), { interactive: false, style: { className: "map-outline" } }).addTo(this.map);
    if (!this.pin && layer.getBounds().isValid()) this.map.fitBounds(layer.getBounds(), { padding: [8, 8] });
  }

  async #points(url) {
    L.geoJSON(await this.#json(url), {
      pointToLayer: (feature, at) => L.circleMarker(at, { radius: 7, className: "map-point" }),
      onEachFeature: ({ properties }, layer) => {
        layer.bindTooltip(document.createTextNode(properties.label ?? "").wholeText);
        if (properties.href) layer.on("click", () => location.assign(properties.href));
      },
    }).addTo(this.map);
  }

  #listen() {
    if (!this.lon || !this.lat) return;
    this.element.addEventListener("place:found", ({ detail }) => this.put(detail.lon, detail.lat, false));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.element || this.pin) return;
      event.preventDefault();
      const { lng, lat } = this.map.getCenter();
      this.put(lng, lat, true);
      this.pin.getElement().focus();
    });
    this.map.on("click", ({ latlng }) => this.put(latlng.lng, latlng.lat, true));
    (this.element.closest("form") ?? document).addEventListener("combobox:chosen", ({ detail }) => {
      if (detail.data?.lon && detail.data?.lat) this.put(Number(detail.data.lon), Number(detail.data.lat), false);
    });
  }

  /** Puts the pin; `moved` when a person pointed at it, so that the page asks again what follows from the place. */
  put(lon, lat, moved) {
    if (!this.pin) this.#pin();
    this.pin.setLatLng([lat, lon]);
    if (!moved) this.map.setView([lat, lon], Math.max(this.zoom, this.map.getZoom()));
    this.lon.value = lon.toFixed(6);
    this.lat.value = lat.toFixed(6);
    if (moved) this.element.dispatchEvent(new CustomEvent("place:moved", { bubbles: true, detail: { lon, lat } }));
  }

  #pin() {
    const icon = L.divIcon({ html: PIN, className: "map-pin", iconSize: [24, 32], iconAnchor: [12, 31] });
    this.pin = L.marker([0, 0], { icon, draggable: true, alt: this.element.dataset.pinLabel ?? "", autoPanOnFocus: false }).addTo(this.map);
    this.pin.on("dragend", () => { const { lng, lat } = this.pin.getLatLng(); this.put(lng, lat, true); });
    const handle = this.pin.getElement();
    handle.setAttribute("aria-label", this.element.dataset.pinLabel ?? "");
    handle.addEventListener("keydown", (event) => this.#nudge(event));
  }

  #nudge(event) {
    const move = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.map.latLngToContainerPoint(this.pin.getLatLng()).add([move[0] * STEP_PX, move[1] * STEP_PX]);
    const { lng, lat } = this.map.containerPointToLatLng(at);
    this.put(lng, lat, true);
    this.map.panInside([lat, lng], { padding: [30, 30] });
  }
}
