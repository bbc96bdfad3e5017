// Following by socket: a run's page from its last step on, the queue's by announcing what changed, a report's whole.
const follower = document.querySelector("[data-follow]");
const kind = follower?.dataset.follow;
const isRun = kind === "run";
let lastHeard = new Date();

function lastSeq() {
  return document.querySelector("#timeline > li:last-child")?.dataset.seq ?? "0";
}

window.htmx.createWebSocket = (address) => new WebSocket(isRun ? `${address}?after=${lastSeq()}` : address);
window.htmx.config.wsReconnectDelay = (tries) => Math.min(500 * 2 ** tries, 15000) * (0.5 + Math.random() / 2);

function showLost(isLost) {
  const banner = document.getElementById(`${kind}-lost`);
  if (!banner) return;
  banner.hidden = !isLost;
  banner.querySelector("[data-last]").textContent = lastHeard.toLocaleTimeString();
}

function announce(words) {
  const place = document.getElementById("announcer");
  if (place) place.textContent = words;
}

function greyOut(row, words) {
  if (row.classList.contains("gone")) return;
  row.classList.add("gone");
  const why = row.querySelector(".why");
  const note = document.createElement("strong");
  note.className = "note";
  note.textContent = ` ${words}`;
  why.append(note);
  row.querySelectorAll("[form=decide]").forEach((control) => { control.disabled = true; control.checked = false; });
}

function goOn(row, status, word) {
  row.dataset.status = status;
  const note = row.querySelector(".why .after") ?? document.createElement("strong");
  note.className = "note after";
  note.textContent = ` → ${word}`;
  row.querySelector(".why").append(note);
  row.querySelector("[name=withdraw]")?.remove();
}

const fresh = new Set();
const decisions = new Map();

// News that was written before a decision this page has had the answer to comes too late to say how the row stands.
function isLate({ id, decision }) {
  if (Number(decision) < (decisions.get(id) ?? 0)) return true;
  decisions.set(id, Number(decision));
  return false;
}

const onlyTicket = follower?.dataset.ticket;

// Reads what the socket, or the answer to a decision, left on the page about actions that changed.
export function readQueueNews() {
  const { waiting } = document.getElementById("queue-news").dataset;
  const count = document.getElementById("queue-count");
  if (count && waiting) count.textContent = waiting;
  for (const news of document.querySelectorAll("#queue-news > i")) {
    if (isLate(news.dataset)) continue;
    const { id, status, digest, ticket, word, words } = news.dataset;
    const row = document.getElementById(`action-${id}`);
    if (row && row.dataset.status === "waiting" && status !== "waiting") greyOut(row, words);
    else if (row && status === "waiting" && row.dataset.digest !== digest) greyOut(row, "changed since you looked; load it anew");
    else if (row && row.dataset.status !== "waiting" && row.dataset.status !== status) goOn(row, status, word);
    else if (!row && status === "waiting" && (!onlyTicket || onlyTicket === ticket)) fresh.add(id);
    if (status !== "waiting") fresh.delete(id);
  }
  const bar = document.getElementById("new-bar");
  if (!bar || !fresh.size) return;
  bar.hidden = false;
  if (bar.querySelector("[data-new]").textContent !== String(fresh.size)) announce(`${fresh.size} new`);
  bar.querySelector("[data-new]").textContent = fresh.size;
}

let seqTold = lastSeq();

// What is only being written comes ten times a second, and is not read out: a step is, once it is stored.
function readRunNews() {
  if (lastSeq() === seqTold) return;
  seqTold = lastSeq();
  const last = document.querySelector("#timeline > li:last-child");
  last.classList.add("fresh");
  const words = last.querySelector("strong")?.textContent;
  if (words) announce(words);
}

if (follower) {
  document.addEventListener("htmx:wsOpen", () => { lastHeard = new Date(); showLost(false); });
  document.addEventListener("htmx:wsClose", (event) => {
    showLost(true);
    // The extension itself tries again after the codes of a broken line; 4403 and 4404 are meant to last.
    const { code } = event.detail.event;
    if (code < 4000 && ![1006, 1011, 1012, 1013].includes(code)) setTimeout(() => event.detail.socketWrapper.reconnect(), 1000);
  });
  document.addEventListener("htmx:wsAfterMessage", () => {
    lastHeard = new Date();
    if (isRun) readRunNews();
    else if (kind === "queue") readQueueNews();
  });
}
