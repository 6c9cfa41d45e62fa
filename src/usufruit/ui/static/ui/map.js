// SPDX-License-Identifier: EUPL-1.2
// The map that mirrors a list: same items, same order; the list stays the truth.
// The base layer is ours (see scripts/basemap.py), names are drawn with the page's own font, and
// nothing is fetched from elsewhere unless the operator gave a tile address.

const PIN_LIMIT = 150;
const HOME = { center: [-72.2, 46.5], zoom: 6.3 };
const NAME_FONT = ["Public Sans SemiBold", "Public Sans"];
const LIVES_IN = ["step", ["zoom"], 50000, 6, 20000, 7, 8000, 8, 3000, 9, 900, 10, 0];

/** Read the colours of the page, so that the map follows theme and contrast. */
const palette = () => {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    water: read("map-water"), shore: read("map-shore"), land: read("map-land"),
    label: read("map-label"), quiet: read("text-2"), brand: read("brand"), onBrand: read("on-brand"),
  };
};

const baseLayers = (c) => [
  { id: "water", type: "background", paint: { "background-color": c.water } },
  ...[[1, c.land], [2, c.water], [3, c.land], [4, c.water]].map(([level, color]) => ({
    id: `shore-${level}`, type: "fill", source: "shores", filter: ["==", ["get", "t"], level],
    paint: { "fill-color": color },
  })),
  { id: "rivers", type: "line", source: "rivers", layout: { "line-join": "round", "line-cap": "round" },
    paint: { "line-color": c.water, "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.6, 12, 2.5] } },
  { id: "shore-line", type: "line", source: "shores",
    paint: { "line-color": c.shore, "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.3, 12, 1] } },
];

const nameLayers = (c) => [
  { id: "borders", type: "line", source: "borders",
    paint: { "line-color": c.quiet, "line-opacity": 0.55, "line-dasharray": [4, 3],
      "line-width": ["case", ["==", ["get", "k"], 0], 1.4, 0.9] } },
  { id: "towns", type: "circle", source: "places", filter: [">=", ["get", "p"], LIVES_IN],
    paint: { "circle-radius": 2.4, "circle-color": c.label, "circle-opacity": 0.7 } },
  { id: "names", type: "symbol", source: "places", filter: [">=", ["get", "p"], LIVES_IN],
    layout: {
      "text-field": ["get", "n"], "text-font": NAME_FONT, "symbol-sort-key": ["-", ["get", "p"]],
      "text-size": ["interpolate", ["linear"], ["get", "p"], 1000, 12, 100000, 15],
      "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.5,
      "text-max-width": 9, "text-padding": 4,
    },
    paint: { "text-color": c.label, "text-halo-color": c.land, "text-halo-width": 1.6 } },
];

const clusterLayers = (c) => [
  { id: "clusters", type: "circle", source: "items", filter: ["has", "point_count"],
    paint: { "circle-color": c.brand, "circle-stroke-color": c.onBrand, "circle-stroke-width": 2,
      "circle-radius": ["step", ["get", "point_count"], 18, 20, 22, 100, 28] } },
  { id: "cluster-counts", type: "symbol", source: "items", filter: ["has", "point_count"],
    layout: { "text-field": ["to-string", ["get", "point_count"]], "text-font": NAME_FONT, "text-size": 14,
      "text-allow-overlap": true },
    paint: { "text-color": c.onBrand } },
  { id: "singles", type: "circle", source: "items", filter: ["!", ["has", "point_count"]],
    paint: { "circle-color": c.brand, "circle-stroke-color": c.onBrand, "circle-stroke-width": 2,
      "circle-radius": 7 } },
];

// A transparent box over each pin pushes the names of towns aside.
const PUSH = {
  id: "push", type: "symbol", source: "items",
  layout: { "icon-image": "nothing", "icon-anchor": "bottom", "icon-offset": [0, 4], "icon-allow-overlap": true },
};

class Panel {
  constructor(element) {
    this.element = element;
    this.canvas = element.querySelector("[data-map-canvas]");
    this.status = element.querySelector("[data-map-status]");
    this.words = this.status.dataset;
    this.pins = new Map();
    const open = element.querySelector("[data-map-open]");
    open.addEventListener("click", () => this.start());
    const waits = "onDemand" in element.dataset && matchMedia("(max-width: 56.24em)").matches;
    if (!waits) this.whenSeen(() => this.start());
  }

  whenSeen(action) {
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      action();
    }, { rootMargin: "200px" });
    watcher.observe(this.element);
  }

  items() {
    return this.points ?? this.listed();
  }

  listed() {
    const script = document.getElementById(this.element.dataset.items);
    return script ? JSON.parse(script.textContent).filter((one) => one.lat != null && one.lon != null) : [];
  }

  async start() {
    if (this.started) return;
    this.started = true;
    this.element.classList.add("is-open");
    this.canvas.hidden = false;
    this.status.textContent = this.words.loading;
    try {
      await this.load();
      this.status.textContent = "";
    } catch (error) {
      this.element.classList.add("has-failed");
      this.canvas.hidden = true;
      this.status.textContent = this.words.failed;
      console.warn(error);
    }
  }

  async load() {
    const { library, worker, stylesheet } = this.element.dataset;
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: stylesheet });
    document.head.append(link);
    const [lib] = await Promise.all([
      import(library),
      document.fonts.load('600 16px "Public Sans"'),
      new Promise((done) => { link.onload = done; link.onerror = done; }),
    ]);
    lib.setWorkerUrl(new URL(worker, location.href).href);
    this.lib = lib;
    this.map = new lib.Map({
      container: this.canvas, style: this.style(), attributionControl: false, maxZoom: this.hasTiles ? 18 : 12,
      minZoom: 4, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0, ...HOME,
      cooperativeGestures: false, locale: { "Map.Title": this.words.canvas },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addImage("nothing", { width: 64, height: 44, data: new Uint8Array(64 * 44 * 4) });
    this.addControls();
    this.refresh({ fits: true });
    this.listen();
    await new Promise((done) => this.map.once("load", done));
    this.map.once("idle", () => { this.element.dataset.ready = ""; });
    this.map.on("moveend", () => this.followView());
    this.followView();
    await this.loadPoints();
  }

  get hasTiles() { return Boolean(this.element.dataset.tiles); }

  style() {
    const c = palette();
    const { shores, rivers, borders, places, tiles, territory } = this.element.dataset;
    const address = (path) => new URL(path, location.href).href;
    const source = (path) => ({ type: "geojson", data: address(path), tolerance: 0.3 });
    const items = this.collection();
    const many = items.features.length > PIN_LIMIT;
    const sources = {
      shores: source(shores), rivers: source(rivers), borders: source(borders), places: source(places),
      items: { type: "geojson", data: items, cluster: many, clusterRadius: 44, clusterMaxZoom: 11 },
    };
    let layers = [...baseLayers(c), ...nameLayers(c)];
    if (tiles) {
      sources.tiles = { type: "raster", tiles: [tiles], tileSize: 256 };
      layers = [{ id: "tiles", type: "raster", source: "tiles" }];
    }
    if (territory) {
      sources.territory = { type: "geojson", data: JSON.parse(document.getElementById(territory).textContent) };
      layers.push({ id: "territory", type: "line", source: "territory",
        paint: { "line-color": c.brand, "line-width": 2, "line-opacity": 0.6 } });
    }
    return { version: 8, sources, layers: [...layers, ...(many ? clusterLayers(c) : [PUSH])] };
  }

  /** Things at one address share one pin, in the place of the first of them in the list. */
  groups() {
    this.grouped ??= this.grouping();
    return this.grouped;
  }

  grouping() {
    const found = new Map();
    for (const item of this.items()) {
      const key = `${item.lat.toFixed(5)} ${item.lon.toFixed(5)}`;
      if (!found.has(key)) found.set(key, { key, lat: item.lat, lon: item.lon, items: [] });
      found.get(key).items.push(item);
    }
    return [...found.values()];
  }

  collection() {
    return {
      type: "FeatureCollection",
      features: this.groups().map((group) => ({
        type: "Feature", properties: { key: group.key },
        geometry: { type: "Point", coordinates: [group.lon, group.lat] },
      })),
    };
  }

  refresh({ fits }) {
    this.setPins([]);
    const groups = this.groups();
    this.isMany = groups.length > PIN_LIMIT;
    if (!this.isMany) this.setPins(groups);
    if (fits && groups.length) {
      const bounds = groups.reduce((box, one) => box.extend([one.lon, one.lat]), new this.lib.LngLatBounds());
      this.map.fitBounds(bounds, { padding: { top: 64, right: 96, bottom: 56, left: 64 }, maxZoom: 10.5, animate: false });
    } else if (fits) {
      this.lookAround();
    }
  }

  /** Draw pins for the few in view; beyond, MapLibre's worker has clustered them all. */
  followView() {
    if (!this.isMany || !this.map.getLayer("clusters")) return;
    const bounds = this.map.getBounds();
    const seen = this.groups().filter((group) => bounds.contains([group.lon, group.lat]));
    const isFew = seen.length <= PIN_LIMIT;
    for (const layer of ["clusters", "cluster-counts", "singles"]) {
      this.map.setLayoutProperty(layer, "visibility", isFew ? "none" : "visible");
    }
    this.setPins(isFew ? seen : []);
  }

  /** Keep the pins that stay, so that the focus does too. */
  setPins(groups) {
    const wanted = new Set(groups.map((group) => group.key));
    for (const [id, pin] of this.pins) {
      if (wanted.has(pin.group.key) && groups.includes(pin.group)) continue;
      pin.marker.remove();
      this.pins.delete(id);
    }
    const drawn = new Set([...this.pins.values()].map((pin) => pin.group));
    groups.filter((group) => !drawn.has(group)).forEach((group) => this.addPin(group));
  }

  /** Fetch what the search finds beyond the list: the map may hold thousands, the list a page. */
  async loadPoints() {
    const href = document.getElementById(`${this.element.dataset.items}-more`)?.dataset.href ?? "";
    if (href === this.pointsFrom) return;
    this.pointsFrom = href;
    this.status.textContent = "";
    const answer = href && await fetch(href).catch(() => null);
    if (!answer?.ok || href !== this.pointsFrom) return;
    const told = await answer.json();
    this.points = told.features.map(({ id, geometry, properties }) => ({
      id: String(id), name: properties.n, label: properties.d, href: told.asset.replace("0", id),
      lon: geometry.coordinates[0], lat: geometry.coordinates[1],
    }));
    if (told.is_cut) this.status.textContent = this.words.cut;
    this.redraw({ fits: false });
  }

  redraw({ fits }) {
    this.grouped = null;
    this.map.setStyle(this.style(), { diff: true });
    this.refresh({ fits });
    this.map.once("idle", () => this.followView());
  }

  // Nothing found: stay where one looked, and let its circle fill the panel.
  lookAround() {
    const around = document.getElementById(`${this.element.dataset.items}-around`);
    if (!around) return;
    const { lat, lon, km } = around.dataset;
    this.map.jumpTo({ center: [Number(lon), Number(lat)], zoom: 14 - Math.log2(Number(km)) });
  }

  addPin(group) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "pin";
    const [first] = group.items;
    const isAlone = group.items.length === 1;
    button.textContent = isAlone ? first.label || "•" : String(group.items.length);
    button.classList.toggle("pin--many", !isAlone);
    button.setAttribute("aria-label", group.items.map((one) => [one.name, one.label].filter(Boolean).join(", ")).join("; "));
    button.setAttribute("aria-pressed", "false");
    const light = (isOn) => () => this.light(group.items.map((one) => String(one.id)), isOn);
    button.addEventListener("mouseenter", light(true));
    button.addEventListener("mouseleave", light(false));
    button.addEventListener("focus", light(true));
    button.addEventListener("blur", light(false));
    button.addEventListener("click", () => this.select(group, button));
    const marker = new this.lib.Marker({ element: button, anchor: "bottom", offset: [0, -4] })
      .setLngLat([group.lon, group.lat]).addTo(this.map);
    for (const item of group.items) this.pins.set(String(item.id), { button, marker, group });
  }

  /** Light the cards and pins of some items, or put them out. */
  light(ids, isOn) {
    for (const id of ids) {
      this.pins.get(id)?.button.classList.toggle("is-active", isOn);
      document.querySelectorAll(`[data-map-item="${CSS.escape(id)}"]`).forEach((card) => card.classList.toggle("is-active", isOn));
    }
  }

  select(group, button) {
    this.closeCard();
    button?.setAttribute("aria-pressed", "true");
    const card = document.createElement("div");
    card.className = "map-panel__card";
    const list = document.createElement("ul");
    list.className = "map-panel__found";
    for (const item of group.items) {
      const row = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: item.href, textContent: item.name });
      const label = Object.assign(document.createElement("span"), { textContent: item.label ?? "" });
      row.append(link, label);
      list.append(row);
    }
    card.append(list);
    this.card = card;
    this.element.append(card);
    const inList = document.querySelector(`[data-map-item="${CSS.escape(String(group.items[0].id))}"]`);
    if (matchMedia("(min-width: 56.25em)").matches) inList?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  closeCard() {
    this.card?.remove();
    this.card = null;
    this.element.querySelectorAll(".pin[aria-pressed=true]").forEach((one) => one.setAttribute("aria-pressed", "false"));
  }

  addControls() {
    const box = document.createElement("div");
    box.className = "map-panel__zoom";
    for (const [sign, words, act] of [["+", this.words.zoomIn, "zoomIn"], ["−", this.words.zoomOut, "zoomOut"]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign });
      button.setAttribute("aria-label", words);
      button.addEventListener("click", () => this.map[act]());
      box.append(button);
    }
    const credit = document.createElement("p");
    credit.className = "map-panel__credit";
    credit.textContent = this.words.attribution;
    this.element.append(box, credit);
  }

  listen() {
    const repaint = () => this.map.setStyle(this.style(), { diff: true });
    document.addEventListener("usufruit:theme", repaint);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
    this.map.on("click", (event) => this.onMapClick(event));
    this.element.addEventListener("keydown", (event) => { if (event.key === "Escape") this.closeCard(); });
    const cardOf = (event) => event.target.closest?.("[data-map-item]")?.dataset.mapItem;
    for (const [name, isOn] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
      document.addEventListener(name, (event) => {
        const id = cardOf(event);
        if (id) this.light([id], isOn);
      });
    }
    let before = JSON.stringify(this.listed());
    document.addEventListener("htmx:load", () => {
      const now = JSON.stringify(this.listed());
      if (now === before) return;
      before = now;
      this.closeCard();
      this.points = null;
      this.redraw({ fits: true });
      this.loadPoints();
    });
  }

  async onMapClick(event) {
    if (event.originalEvent.target.closest?.(".pin")) return;
    this.closeCard();
    if (!this.isMany) return;
    const [found] = this.map.queryRenderedFeatures(event.point, { layers: ["clusters", "singles"] });
    if (!found) return;
    const center = found.geometry.coordinates;
    if (found.properties.cluster) {
      const zoom = await this.map.getSource("items").getClusterExpansionZoom(found.properties.cluster_id);
      this.map.easeTo({ center, zoom });
      return;
    }
    const group = this.groups().find((one) => one.key === found.properties.key);
    if (group) this.select(group, null);
  }
}

const bindAll = (part) => part.querySelectorAll("[data-map]").forEach((element) => {
  if (element.dataset.bound === undefined) { element.dataset.bound = ""; element.usufruitMap = new Panel(element); }
});
bindAll(document);
document.addEventListener("htmx:load", (event) => bindAll(event.detail.elt.parentElement ?? event.detail.elt));
