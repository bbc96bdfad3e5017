// The keys: off while typing, listed by `?`, and every one of them presses a button that can be seen.
// Typed fast they do what they do typed slowly: while a decision is on its way, the keys that follow are kept for what it leaves.
import { putOff } from "./attention.js";
import { dropPart, isPartComing, notePart, openPart, rowNow } from "./parts.js";

const STORE = "agentdesk-keys";
const DIGITS = /^[1-6]$/;
let afterG = false;
let current = null;
let focused = null;
let isDeciding = false;
let hasMoved = false;
let kept = [];

const dialog = () => document.getElementById("keys");
const areOn = () => localStorage.getItem(STORE) !== "off";
const actions = () => [...document.querySelectorAll(".action")];

function isTyping(target) {
  return target.isContentEditable || (target.matches("input, textarea, select") && !target.matches("[type=checkbox], [type=radio]"));
}

function setCurrent(action) {
  current?.classList.remove("current");
  current = action;
  if (!action) return;
  action.classList.add("current");
  const name = action.querySelector("h3");
  name.focus();
  action.scrollIntoView({ block: "nearest" });
}

export function here() {
  const row = document.activeElement?.closest(".action");
  if (row) return row;
  current = rowNow(current);
  return current;
}

// A row that was put in anew is the same row: it is the current one if it was, and has the focus if it had it.
function stay() {
  if (current && !current.isConnected) {
    current = rowNow(current);
    current?.classList.add("current");
  }
  if (focused && !focused.isConnected && document.activeElement === document.body) {
    const row = rowNow(focused);
    if (row) setCurrent(row);
  }
}

export function step(by) {
  const all = actions();
  if (!all.length) return;
  const at = all.indexOf(here());
  setCurrent(all[Math.min(Math.max(at + by, 0), all.length - 1)] ?? all[0]);
}

export const isWaiting = (row) => row?.dataset.status === "waiting" && !row.classList.contains("gone");

export function focusRow(row) {
  if (row) setCurrent(row);
}

// The next row that waits; where there is none, the decided one keeps the focus.
export function focusNext(id) {
  const all = actions();
  const at = all.findIndex((one) => one.id === id);
  const rest = [...all.slice(at + 1), ...all.slice(0, at)];
  const next = rest.find((one) => one.id !== id && isWaiting(one)) ?? all[at] ?? null;
  setCurrent(next);
  return next;
}

function press(selector, within = document) {
  const found = [...within.querySelectorAll(selector)].find((one) => !one.disabled && one.offsetParent !== null);
  if (!found) return false;
  if (found.matches("summary")) {
    found.parentElement.open = true;
    found.focus();
  } else found.click();
  return Boolean(found);
}

function togglePreview(action) {
  const preview = action.querySelector("details.preview");
  if (preview) preview.open = !preview.open;
}

const GO = { i: "/tickets/", a: "/queue/", p: "/policy/" };

const EVERYWHERE = {
  "?": () => dialog()?.showModal(),
  j: () => step(1),
  k: () => step(-1),
  g: () => { afterG = true; setTimeout(() => { afterG = false; }, 1500); },
  z: () => press("#undo-bar [name=withdraw]") || press(".action [name=withdraw]") || press("[data-key=z]"),
  t: () => press("[data-key=t]"),
  s: () => putOff(here() ?? document.activeElement),
  i: () => {
    const note = document.querySelector("[data-note]");
    if (!note) return;
    note.open = true;
    note.querySelector("textarea").focus();
  },
  A: () => press("[name=approve_selected]"),
};

const ON_ACTION = {
  a: (action) => press("button.approve", action),
  e: (action) => openPart(action, ["details.amend", "details.amend :is(textarea, select, input:not([type=hidden]))"], (field) => field.focus()),
  r: (action) => openPart(action, ["details.reject"], (part, digit) => {
    part.querySelector("input")?.focus();
    if (digit) rejectWith(digit, part.closest(".action"));
  }),
  x: (action) => action.querySelector(".pick input")?.click(),
  p: togglePreview,
  c: (action) => openPart(action, [".sources"], (part) => { part.tabIndex = -1; part.focus(); }),
  d: (action) => openPart(action, [".side-by-side"], (part) => part.scrollIntoView({ block: "nearest" })),
  Enter: togglePreview,
  Escape: (action) => { const preview = action.querySelector("details.preview[open]"); if (preview) preview.open = false; action.querySelector("h3")?.focus(); },
};

function rejectWith(digit, action) {
  const box = action?.querySelector("details.reject[open]");
  const choice = box?.querySelector(`input[type=radio][value="${digit}"]`);
  if (!choice) return false;
  choice.checked = true;
  box.querySelector("[name=reject]").click();
  return true;
}

// Out of a field one is back at its row, where the keys are on again.
function leaveField(field) {
  field.blur();
  field.closest(".action")?.querySelector("h3")?.focus();
}

function onKey(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-send]")) {
    event.target.form.requestSubmit(event.target.form.querySelector("button"));
    return;
  }
  if (event.key === "Escape" && isTyping(event.target)) { leaveField(event.target); return; }
  if (!areOn() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (afterG && GO[event.key]) { afterG = false; location.assign(GO[event.key]); return; }
  if (event.key === "Enter" && event.target.matches("a, button, summary, input")) return;
  if (!doesSomething(event.key)) return;
  event.preventDefault();
  if (mustWait(event.key)) kept.push(event.key);
  else act(event.key);
}

// Where the focus has gone on already, one may walk and look before the answer is there; what decides keeps its turn.
function mustWait(key) {
  if (AT_ONCE.has(key)) return false;
  return kept.length > 0 || (isDeciding && !(hasMoved && WALKS.has(key)));
}

const WALKS = new Set(["j", "k", "p", "x", "Enter"]);

const AT_ONCE = new Set(["?", "g", "t", "i", "s"]);
const LEAVES_PART = new Set(["Escape", "j", "k", "p", ...AT_ONCE]);

function doesSomething(key) {
  if (DIGITS.test(key)) return isDeciding || kept.length > 0 || isPartComing() || Boolean(here()?.querySelector("details.reject[open]"));
  return Boolean(EVERYWHERE[key] || (ON_ACTION[key] && (here() || isDeciding)));
}

// While a part of a row is on its way, a digit is for that part, and what was meant for its fields decides nothing.
function act(key) {
  if (isPartComing()) {
    if (!LEAVES_PART.has(key)) { notePart(key); return; }
    dropPart();
  }
  const action = here();
  if (DIGITS.test(key)) rejectWith(key, action);
  else if (action && ON_ACTION[key]) ON_ACTION[key](action);
  else EVERYWHERE[key]?.();
}

export function holdKeys(focusHasMoved) {
  isDeciding = true;
  hasMoved = focusHasMoved;
}

// What was kept is done one after the other, each on the page as the one before has left it; after a refusal it is forgotten.
export function releaseKeys(wentWell) {
  isDeciding = false;
  if (!wentWell) kept = [];
  setTimeout(actOnKept);
}

function actOnKept() {
  if (isTyping(document.activeElement)) kept = [];
  while (kept.length && !isDeciding) act(kept.shift());
}

document.addEventListener("keydown", onKey);
document.addEventListener("focusin", (event) => { focused = event.target.closest(".action"); });
document.addEventListener("htmx:oobAfterSwap", stay);
document.addEventListener("htmx:afterRequest", stay);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) dialog()?.showModal();
});
document.addEventListener("change", (event) => {
  if (event.target.id === "keys-on") localStorage.setItem(STORE, event.target.checked ? "on" : "off");
});
const box = document.getElementById("keys-on");
if (box) box.checked = areOn();
document.querySelectorAll("[data-open-keys]").forEach((button) => { button.hidden = false; });
