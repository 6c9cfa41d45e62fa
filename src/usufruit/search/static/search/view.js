// SPDX-License-Identifier: EUPL-1.2
// « Liste | Carte », where a phone has room for one of them only.

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-view]");
  const split = button && document.querySelector(".split");
  if (!split) return;
  const isMap = button.dataset.view === "map";
  split.classList.toggle("split--map", isMap);
  document.querySelectorAll("[data-view]").forEach((one) => {
    one.setAttribute("aria-pressed", String(one === button));
  });
  if (isMap) split.querySelector("[data-map]:not(.is-open) [data-map-open]")?.click();
});
