// Catching up: once the queue's socket has said its first word, the page asks for all that happened before it.
import { readNews } from "./attention.js";
import { readQueueNews } from "./live.js";

const TRIES = 5;
const MOST_TICKETS = 500;
const news = () => document.getElementById("queue-news");
let since = news()?.dataset.since;
let isBehind = true;
let isAsking = false;
let heard = 0;

// How all that the page shows stands, not a list of steps: to be told twice changes nothing.
function address() {
  const query = new URLSearchParams({ since });
  const tickets = [...document.querySelectorAll("[data-attention]")].map((one) => one.dataset.attention);
  for (const ticket of [...new Set(tickets)].slice(0, MOST_TICKETS)) query.append("ticket", ticket);
  return `/queue/news/?${query}`;
}

function take(text) {
  const answer = new DOMParser().parseFromString(text, "text/html");
  for (const row of answer.querySelectorAll("#queue-news > [data-old]")) {
    if (!document.getElementById(`action-${row.dataset.id}`)) row.remove();
  }
  for (const id of ["queue-news", "attention-news"]) {
    const told = answer.getElementById(id);
    if (told) document.getElementById(id)?.replaceWith(told);
  }
  since = news().dataset.since;
  readQueueNews();
  readNews();
}

async function ask(path) {
  const answer = await fetch(path).catch(() => null);
  return answer?.ok && !answer.redirected ? answer.text() : null;
}

// What the socket says while an answer is on its way is newer than that answer: then it is asked for again.
async function catchUp() {
  isBehind = false;
  isAsking = true;
  const path = address();
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const before = heard;
    const text = await ask(path);
    if (text === null) { isBehind = true; break; }
    if (heard === before || tries === TRIES) { take(text); break; }
  }
  isAsking = false;
}

if (news() && document.querySelector("[data-follow=queue]")) {
  document.addEventListener("htmx:wsOpen", () => { isBehind = true; });
  document.addEventListener("htmx:wsAfterMessage", () => {
    heard += 1;
    if (isAsking) return;
    if (isBehind) catchUp();
    else since = news().dataset.since ?? since;
  });
}
