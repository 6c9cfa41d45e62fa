// SPDX-License-Identifier: EUPL-1.2
// What every page gains from a script; each part works without it.

const root = document.documentElement;
root.classList.add("has-js");

/** Run a binding now and on each fragment that htmx brings. */
const bind = (binding) => {
  binding(document);
  document.addEventListener("htmx:load", (event) => binding(event.detail.elt));
};

/** Elements of a part of the page that match, the part itself included. */
const all = (part, selector) => [
  ...(part.matches?.(selector) ? [part] : []),
  ...part.querySelectorAll(selector),
];

// The error summary takes the focus, so that it is read first.
bind((part) => all(part, "[data-takes-focus]").slice(0, 1).forEach((one) => one.focus()));

// A link of the error summary puts the focus in its field.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".error-summary a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView({ block: "center" });
  (target.querySelector("input, select, textarea") ?? target).focus();
});

// Theme and font apply at once; the form still keeps them for the next page.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-preferences]");
  const button = event.submitter;
  if (!form || !button || button.name === "language") return;
  event.preventDefault();
  const { name, value } = button;
  const isUsual = value === "system" || value === "standard";
  if (isUsual) delete root.dataset[name];
  else root.dataset[name] = value;
  form.querySelectorAll(`button[name="${name}"]`).forEach((one) => {
    one.setAttribute("aria-pressed", String(one === button));
  });
  document.dispatchEvent(new CustomEvent("usufruit:theme"));
  const body = new FormData(form, button);
  await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => form.submit());
});

// Menus close on Escape, on a click elsewhere, and when the focus leaves.
const closeMenus = (except) =>
  document.querySelectorAll("[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
document.addEventListener("click", (event) => closeMenus(event.target.closest("[data-menu]")));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

// Back to the form that was refused, as the browser kept it.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-back]")) history.back();
});

// Print the page.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});

// Copy a text; the button says so for two seconds.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const text = button.dataset.copy || location.href;
  await navigator.clipboard.writeText(text);
  const label = button.querySelector("[data-copy-label]") ?? button;
  const before = label.textContent;
  label.textContent = button.dataset.copied;
  setTimeout(() => { label.textContent = before; }, 2000);
});

// Leaving a form with unsent changes asks first.
const dirty = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) dirty.add(form);
});
document.addEventListener("submit", (event) => dirty.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

// When htmx replaces the field or link one was on, the focus goes to its new self, else around it.
let lost = [];
document.addEventListener("htmx:beforeSwap", () => {
  const { activeElement: one } = document;
  lost = [one?.id, one?.closest("[id][tabindex='-1']")?.id].filter(Boolean);
});
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement !== document.body) return;
  lost.map((id) => document.getElementById(id)).find(Boolean)?.focus({ preventScroll: true });
});

// Where a part of the page cannot come, a person who asked for it gets our page of an error, else
// words above all they wrote; a whole page is gone to. A part that asks by itself keeps what is there.
const wasAsked = (detail) => ["click", "submit"].includes(detail.requestConfig.triggeringEvent?.type);
const hush = () => document.querySelector(".trouble")?.remove();
const tell = (words) => {
  hush();
  const said = Object.assign(document.createElement("p"), { className: "alert alert--err trouble", role: "alert" });
  said.textContent = words;
  document.querySelector("#contenu .page").prepend(said);
};
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const isPage = detail.serverResponse.includes('id="contenu"');
  if (!isPage && !detail.isError) return;
  detail.shouldSwap = isPage && detail.isError && wasAsked(detail);
  if (detail.shouldSwap) {
    detail.target = document.getElementById("contenu");
    Object.assign(detail, { selectOverride: "#contenu", swapOverride: "outerHTML" });
  } else if (wasAsked(detail)) {
    if (isPage) location.assign(detail.xhr.responseURL);
    else tell(document.body.dataset.unanswered);
  }
});
["htmx:sendError", "htmx:timeout"].forEach((name) => {
  document.addEventListener(name, ({ detail }) => { if (wasAsked(detail)) tell(document.body.dataset.unheard); });
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && wasAsked(detail)) hush();
});

// A form that filters sends itself when a choice changes; its button stays for those without.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-sends-itself]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
});

// A second press on a button that sends is not a second request.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button?.matches("[data-once]")) return;
  setTimeout(() => { button.disabled = true; });
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("[data-once]:disabled").forEach((one) => { one.disabled = false; });
});

// What is printed shows its folded parts.
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details.chart__table:not([open])").forEach((one) => {
    one.open = true;
    one.dataset.printed = "";
  });
});
window.addEventListener("afterprint", () => {
  document.querySelectorAll("details[data-printed]").forEach((one) => {
    one.open = false;
    delete one.dataset.printed;
  });
});

// A browser writes a date its own way (11/26/2026): the same day in words describes the field. A
// year still being typed (0202) says nothing yet, and nothing is announced at each key.
const inWords = (value) => {
  const [year, month, day] = value.split("-").map(Number);
  const on = new Date(year, month - 1, day);
  if (!(year >= 1000) || Number.isNaN(on.getTime())) return "";
  const language = root.lang || "fr-CA";
  const words = on.toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return language.startsWith("fr") ? words.replace(" 1 ", " 1er ") : words;
};
const sayDay = (field) => {
  let words = field.nextElementSibling;
  if (!words?.matches(".field__day")) {
    words = Object.assign(document.createElement("p"), { className: "field__day", id: `${field.id}_day` });
    field.after(words);
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${words.id}`.trim());
  }
  words.textContent = inWords(field.value);
};
bind((part) => all(part, "input[type=date]").forEach(sayDay));
document.addEventListener("input", (event) => {
  if (event.target.matches("input[type=date]")) sayDay(event.target);
});
