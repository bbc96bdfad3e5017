// Ctrl+K: any room by its name, and any ticket by its number, subject, customer or order, as the inbox finds it.
const dialog = document.getElementById("anything");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("ul");
const MOST = 8;
let asked = 0;

const rooms = () => [...document.querySelectorAll(".rooms a")].map((one) => [one.textContent.trim(), one.href]);

function show(found) {
  list.replaceChildren(...found.map(([words, address]) => {
    const [row, link] = ["li", "a"].map((tag) => document.createElement(tag));
    link.href = address;
    link.textContent = words;
    link.dir = "auto";
    row.append(link);
    return row;
  }));
}

function ticketsOn(page) {
  return [...page.querySelectorAll("[data-rows] tr")].slice(0, MOST).map((row) => {
    const link = row.querySelector("[data-open]");
    return [`${row.querySelector(".number-cell").textContent.trim()} ${link.textContent.trim()}`, link.getAttribute("href")];
  });
}

const roomsNamed = (words) => rooms().filter(([name]) => name.toLowerCase().includes(words.toLowerCase()));

// At each letter, so that Enter never opens what was found for other words.
function showRooms() {
  asked += 1;
  show(roomsNamed(input.value.trim()));
}

async function search() {
  const words = input.value.trim();
  const turn = asked;
  const known = roomsNamed(words);
  if (words.length < 2) return;
  const answer = await fetch(`${input.form.action}?q=${encodeURIComponent(words)}`).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn === asked) show([...known, ...ticketsOn(page)]);
}

function walk(by) {
  const stops = [input, ...list.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  stops[Math.min(Math.max(at + by, 0), stops.length - 1)].focus();
}

function open() {
  if (!dialog || document.querySelector("dialog[open]")) return;
  input.value = "";
  showRooms();
  dialog.showModal();
  input.focus();
}

if (dialog) {
  let waiting = 0;
  input.addEventListener("input", () => { showRooms(); clearTimeout(waiting); waiting = setTimeout(search, 150); });
  input.form.addEventListener("submit", (event) => {
    const first = list.querySelector("a");
    if (!first) return;
    event.preventDefault();
    location.assign(first.href);
  });
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) { event.preventDefault(); walk(by); }
    if (event.key === "Escape") { event.preventDefault(); dialog.close(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-open-anything]")) open(); });
  document.querySelectorAll("[data-open-anything]").forEach((button) => { button.hidden = false; });
}
