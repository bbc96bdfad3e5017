// After a decision: the next item gets the focus, and the bar that takes it back goes when its time is over.
import "./bulk.js";
import { focusNext, holdKeys, releaseKeys } from "./keys.js";
import { readQueueNews } from "./live.js";

// A row that was put in answers at once, not 20 ms later: a key pressed in between would open it and load nothing.
window.htmx.config.defaultSettleDelay = 0;

let hiding = 0;
let decidedFrom = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "decide") return;
  const button = event.detail.requestConfig.triggeringEvent?.submitter;
  decidedFrom = button?.name === "withdraw" ? null : button?.closest(".action")?.id ?? "none";
  holdKeys();
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "decide") return;
  readQueueNews();
  if (decidedFrom) focusNext(decidedFrom);
  clearTimeout(hiding);
  const bar = document.querySelector("#undo-bar .bar");
  if (bar) hiding = setTimeout(() => bar.remove(), bar.dataset.grace ? bar.dataset.grace * 1000 : 8000);
  dropPassed();
  document.dispatchEvent(new Event("change"));
  releaseKeys(event.detail.successful && !document.querySelector("#undo-bar .bar.bad"));
});

function dropPassed() {
  for (const button of document.querySelectorAll("[data-until]")) {
    setTimeout(() => button.remove(), Math.max(new Date(button.dataset.until) - Date.now(), 0));
  }
}

dropPassed();
