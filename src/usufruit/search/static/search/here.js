// SPDX-License-Identifier: EUPL-1.2
// « Chercher autour de moi »: the browser's position, given by the person, becomes the place.

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-here]");
  if (!button) return;
  const { elements } = button.form;
  const failed = () => {
    button.replaceChildren(button.dataset.failed);
    elements.ou.focus();
  };
  if (!navigator.geolocation) {
    failed();
    return;
  }
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    // Three decimals: a hundred metres are enough to rank what is near.
    elements.ici.value = [coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(3)).join(",");
    elements.ou.value = button.dataset.name;
    button.form.requestSubmit();
  }, failed, { timeout: 10000, maximumAge: 600000 });
});

// Another place typed by hand replaces the position.
document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.name === "ou" && field.form?.elements.ici) field.form.elements.ici.value = "";
});
