// Maps come late: Leaflet is fetched when a map becomes visible. The address field is always the other way.

function boot(element) {
  if ("ready" in element.dataset) return;
  element.dataset.ready = "";
  import("./place.js").then(({ Place }) => new Place(element)).catch(() => { element.hidden = true; });
}

export function maps(root) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      boot(entry.target);
    }
  }, { rootMargin: "100%" }); // a screen ahead, so that it can take the focus when the keyboard comes to it
  for (const element of root.querySelectorAll("[data-map]:not([data-ready])")) seen.observe(element);
}
