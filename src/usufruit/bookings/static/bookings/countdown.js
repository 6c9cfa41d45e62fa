// SPDX-License-Identifier: EUPL-1.2
// How long a slot is still kept. The server says the seconds left each time the page is made, so a
// reload or a clock that is wrong changes nothing; without a script the hour of the end is written.

const clocks = [...document.querySelectorAll("[data-countdown]")].map((place) => ({
  place,
  left: place.querySelector(".countdown__left"),
  endsAt: performance.now() + 1000 * Number(place.dataset.countdown),
}));

const tick = () => clocks.forEach(({ place, left, endsAt }) => {
  const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  if (seconds > 0) {
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  } else if (!place.classList.contains("is-over")) {
    place.classList.add("is-over");
    place.setAttribute("role", "status");
    place.textContent = place.dataset.ended;
  }
});

if (clocks.length) {
  tick();
  setInterval(tick, 1000);
}
