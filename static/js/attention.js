// Not now, mine, somebody else's: who looks at a ticket, who is at work on it, and putting it off without leaving the page.
import { focusNext } from "./keys.js";

const HEARTBEAT = 15000;
const root = document.getElementById("attention");
const me = root?.dataset.me;
const dialog = document.getElementById("put-off");
const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];

// --- Clocks: what the server says in UTC, in the zone of who reads it ---

export function clockText(at, now = new Date()) {
  const hour = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (at.toDateString() === now.toDateString()) return hour;
  return `${at.toLocaleDateString([], { weekday: "short", day: "numeric", month: "short" })}, ${hour}`;
}

function readClocks(within = document) {
  for (const time of within.querySelectorAll("time[data-clock]")) time.textContent = clockText(new Date(time.dateTime));
}

function clock(iso) {
  const time = document.createElement("time");
  time.dateTime = iso;
  time.dataset.clock = "";
  time.textContent = clockText(new Date(iso));
  return time;
}

// --- What the socket tells ---

const SVG = "http://www.w3.org/2000/svg";
const sheet = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];

function icon(name) {
  const [picture, use] = ["svg", "use"].map((tag) => document.createElementNS(SVG, tag));
  use.setAttribute("href", `${sheet}#${name}`);
  for (const [key, value] of Object.entries({ class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" })) picture.setAttribute(key, value);
  picture.append(use);
  return picture;
}

function badge(tone, picture, ...parts) {
  const one = document.createElement("span");
  one.className = `badge ${tone}`;
  one.append(icon(picture), ...parts);
  return one;
}

function lookersOf(text) {
  const people = text.split("|").filter(Boolean).map((one) => one.split(" ").map(decodeURIComponent));
  return people.filter(([username]) => username !== me).map(([, name]) => name);
}

function badgesFor({ looking, claimed, claimer, until, snoozed }) {
  const others = lookersOf(looking);
  const badges = [];
  if (others.length) badges.push(badge("info", "eye", `${others.join(", ")} ${others.length === 1 ? "is" : "are"} looking`));
  if (claimed) badges.push(badge("wait", "hand", claimed === me ? "Yours until " : `${claimer} is at work until `, clock(until)));
  if (snoozed) badges.push(badge("", "clock", "Back ", clock(snoozed)));
  return badges;
}

const told = new Map();
const placesOf = (ticket, within = document) => [...within.querySelectorAll(`[data-attention="${ticket}"]`)];

export function readNews() {
  for (const { dataset } of document.querySelectorAll("#attention-news > i")) {
    const { ticket, claimed, snoozed } = dataset;
    const isNews = told.get(ticket)?.snoozed !== snoozed;
    told.set(ticket, { ...dataset });
    document.querySelectorAll(`[data-claim="${ticket}"]`).forEach((form) => { form.hidden = Boolean(claimed); });
    for (const place of placesOf(ticket)) {
      show(place, dataset);
      if (snoozed && isNews && !wasPutOff(place)) greyOut(place, "put off by a colleague");
    }
  }
}

// Of a list of what was put off, each row says so from the start: there it is no news.
const wasPutOff = (place) => Boolean(place.closest("[data-shows-put-off]"));

function show(place, state) {
  const badges = badgesFor(state);
  const words = (nodes) => [...nodes].map((one) => one.textContent).join("|");
  if (words(badges) !== words(place.children)) place.replaceChildren(...badges);
}

// Rows that come onto the page later say what was told of their tickets before.
function showTold(within) {
  for (const [ticket, state] of told) placesOf(ticket, within).forEach((place) => show(place, state));
}

// --- Heartbeats: the ticket of this page, and those whose preview is open on it ---

const opened = new Set();

function addresses() {
  const here = document.querySelector("[data-heartbeat]")?.dataset.heartbeat;
  return new Set([here, ...opened].filter(Boolean));
}

function send(address, gone = false) {
  const body = new URLSearchParams(gone ? { gone: "1" } : {});
  const headers = { "X-CSRFToken": token() };
  // A heartbeat that is lost is followed by another.
  fetch(address, { method: "POST", body, headers, keepalive: true }).catch(() => undefined);
}

function beat() {
  if (document.visibilityState === "visible") addresses().forEach((address) => send(address));
}

function leave() {
  addresses().forEach((address) => send(address, true));
}

const isOpen = (place) => Boolean(holder(place)?.querySelector("details.preview[open]"));

document.addEventListener("toggle", (event) => {
  const place = holder(event.target)?.querySelector("[data-attention]");
  if (!dialog || !place || !event.target.matches("details.preview")) return;
  const ticket = place.dataset.attention;
  const address = `/tickets/${ticket}/looking/`;
  if (event.target.open) { opened.add(address); send(address); }
  else if (!placesOf(ticket).some(isOpen) && opened.delete(address)) send(address, true);
}, true);
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? beat() : leave()));
window.addEventListener("pagehide", leave);

// --- Not now ---

// What belongs to one ticket: a row of a group, what one run proposed, a line of a table.
const holder = (node) => node.closest?.(".group .action, .batch:not(.group), tr");

function greyOut(place, words) {
  const whole = holder(place);
  const rows = [whole, ...(whole?.querySelectorAll(".action") ?? [])].filter((one) => one?.matches(".action[data-status=waiting]:not(.gone)"));
  for (const row of rows) {
    row.classList.add("gone");
    const note = document.createElement("strong");
    note.className = "note";
    note.textContent = ` ${words}`;
    row.querySelector(".why")?.append(note);
    row.querySelectorAll("[form=decide]").forEach((control) => { control.disabled = true; control.checked = false; });
  }
}

let asked = null;

export function putOff(from) {
  const link = ((from && holder(from)) ?? document).querySelector("[data-put-off]");
  link?.click();
  return Boolean(link);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-put-off]");
  if (!link || !dialog || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  asked = link;
  const form = dialog.querySelector("form");
  form.action = link.href;
  dialog.querySelector("[data-number]").textContent = link.dataset.putOff;
  dialog.querySelector("[data-fault]").hidden = true;
  dialog.showModal();
});

dialog?.addEventListener("keydown", (event) => {
  if (!/^[1-3]$/.test(event.key) || event.target.matches("[type=datetime-local]")) return;
  event.preventDefault();
  dialog.querySelectorAll("[name=choice]")[event.key - 1].click();
});

// On a list the row greys where it stands and the next one gets the focus; a ticket's own page is left, as without scripts.
dialog?.querySelector("form").addEventListener("submit", async (event) => {
  const place = asked && holder(asked);
  if (!place) return;
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const { words } = await answer.json().catch(() => ({ words: "That did not work; nothing was changed." }));
  if (!answer.ok) { showFault(words); return; }
  dialog.close();
  leaveRow(place, words);
});

function showFault(words) {
  const fault = dialog.querySelector("[data-fault]");
  fault.textContent = words;
  fault.hidden = false;
}

function leaveRow(place, words) {
  document.getElementById("announcer").textContent = words;
  const mark = place.querySelector("[data-attention]");
  mark?.replaceChildren(badge("", "clock", words));
  for (const one of mark ? placesOf(mark.dataset.attention) : [place]) greyOut(one, words);
  place.classList.add("gone");
  const last = place.matches(".action") ? place : [...place.querySelectorAll(".action")].at(-1);
  if (last) focusNext(last.id);
  else (place.nextElementSibling ?? place).querySelector("[data-open]")?.focus();
}

for (const zone of document.querySelectorAll("[name=zone]")) {
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const words = zone.form.querySelector("[data-zone]");
  if (words && zone.value) words.textContent = `in your zone, ${zone.value}`;
}

readClocks();
for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap", "htmx:afterSettle"]) {
  document.addEventListener(name, () => { showTold(document); readClocks(); });
}
document.addEventListener("htmx:wsAfterMessage", readNews);
beat();
setInterval(beat, HEARTBEAT);
