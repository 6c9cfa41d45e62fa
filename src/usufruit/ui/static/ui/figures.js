// SPDX-License-Identifier: EUPL-1.2
// A heat map can be walked with the arrows; a live line says where one is. The words come from the
// table under the drawing, so that both always say the same.

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class Heat {
  constructor(figure) {
    this.figure = figure;
    this.plot = figure.querySelector("[data-heat-plot]");
    this.live = figure.querySelector("[data-heat-live]");
    this.table = figure.querySelector("[data-heat-table]");
    if (!this.plot || !this.table) return;
    this.days = [...this.table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
    this.hours = [...this.table.tBodies[0].rows].map((row) => row.cells[0].textContent);
    this.firstHour = Number(this.table.tBodies[0].rows[0].cells[1].dataset.spot.split("-")[1]);
    this.at = null;
    this.plot.tabIndex = 0;
    this.plot.setAttribute("role", "group");
    this.plot.setAttribute("aria-label", this.figure.querySelector("title").textContent);
    this.plot.addEventListener("keydown", (event) => this.onKey(event));
    this.plot.addEventListener("focus", () => this.show(this.at ?? [0, 0]));
    this.plot.addEventListener("blur", () => this.mark(null));
    this.plot.addEventListener("pointerover", (event) => this.onPoint(event));
    this.plot.addEventListener("pointerleave", () => {
      if (document.activeElement !== this.plot) { this.mark(null); this.live.textContent = ""; }
    });
  }

  /** The wide drawing runs hours across; the tall one hours down. */
  get isTall() {
    return this.figure.querySelector(".heat--tall")?.getClientRects().length > 0;
  }

  onKey(event) {
    let [day, hour] = this.at ?? [0, 0];
    if (event.key === "Home") hour = 0;
    else if (event.key === "End") hour = this.hours.length - 1;
    else if (KEYS[event.key]) {
      const [across, down] = KEYS[event.key];
      day += this.isTall ? across : down;
      hour += this.isTall ? down : across;
    } else return;
    event.preventDefault();
    this.show([
      Math.max(0, Math.min(6, day)),
      Math.max(0, Math.min(this.hours.length - 1, hour)),
    ]);
  }

  onPoint(event) {
    const spot = event.target.closest?.("[data-cell]")?.dataset.cell
      ?? event.target.previousElementSibling?.dataset?.cell;
    if (!spot) return;
    const [day, hour] = spot.split("-").map(Number);
    this.show([day, hour - this.firstHour]);
  }

  show(at) {
    this.at = at;
    const [day, hour] = at;
    const cell = this.table.tBodies[0].rows[hour].cells[day + 1];
    const words = [cell.textContent, cell.dataset.weeks].filter(Boolean).join(", ");
    this.live.textContent = `${this.days[day]} ${this.hours[hour]}\u00a0: ${words}`;
    this.mark(cell.dataset.spot);
  }

  mark(spot) {
    this.figure.querySelectorAll(".is-current").forEach((one) => one.classList.remove("is-current"));
    if (spot) this.figure.querySelectorAll(`[data-cell="${spot}"]`).forEach((one) => one.classList.add("is-current"));
  }
}

const bindAll = (part) => part.querySelectorAll("[data-heat]").forEach((one) => {
  if (!one.dataset.bound) { one.dataset.bound = ""; new Heat(one); }
});
bindAll(document);
document.addEventListener("htmx:load", (event) => bindAll(event.detail.elt.parentElement ?? event.detail.elt));
