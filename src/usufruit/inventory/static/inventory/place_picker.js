// SPDX-License-Identifier: EUPL-1.2
// A click on the map fills the latitude and the longitude of the form beside it; typing moves the
// mark. Without a map, both are typed.

const FIVE_DECIMALS = 5;

const read = (input) => {
  const value = Number(input.value.trim().replace(",", ".").replace("−", "-"));
  return input.value.trim() && Number.isFinite(value) ? value : null;
};

const write = (input, value) => {
  input.value = value.toFixed(FIVE_DECIMALS).replace(".", document.documentElement.lang.startsWith("fr") ? "," : ".");
  input.dispatchEvent(new Event("input", { bubbles: true }));
};

const follow = (picker) => {
  const panel = picker.querySelector("[data-map]").usufruitMap;
  const latitude = picker.querySelector("[name=latitude]");
  const longitude = picker.querySelector("[name=longitude]");
  const mark = Object.assign(document.createElement("span"), { className: "pin is-active", textContent: picker.dataset.mark });
  const marker = new panel.lib.Marker({ element: mark, anchor: "bottom", offset: [0, -4] });
  const move = () => {
    const [lat, lon] = [read(latitude), read(longitude)];
    if (lat === null || lon === null || Math.abs(lat) > 85 || Math.abs(lon) > 180) marker.remove();
    else marker.setLngLat([lon, lat]).addTo(panel.map);
  };
  panel.map.on("click", (event) => {
    if (event.originalEvent.target.closest?.(".pin")) return;
    write(latitude, event.lngLat.lat);
    write(longitude, event.lngLat.lng);
  });
  [latitude, longitude].forEach((input) => input.addEventListener("input", move));
  move();
};

for (const picker of document.querySelectorAll("[data-place-picker]")) {
  const panel = picker.querySelector("[data-map]");
  const watcher = new MutationObserver(() => {
    if (!("ready" in panel.dataset)) return;
    watcher.disconnect();
    follow(picker);
  });
  watcher.observe(panel, { attributes: true, attributeFilter: ["data-ready"] });
}
