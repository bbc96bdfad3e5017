// A decision gives the next item the focus before its answer is there; the bar that takes it back goes when its time is over.
import "./bulk.js";
import "./catching_up.js";
import { focusNext, focusRow, here, holdKeys, isWaiting, releaseKeys } from "./keys.js";
import { readQueueNews } from "./live.js";

// A row that was put in answers at once, not 20 ms later: a key pressed in between would open it and load nothing.
window.htmx.config.defaultSettleDelay = 0;

let hiding = 0;
let decidedFrom = null;
let movedTo = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "decide") return;
  const button = event.detail.requestConfig.triggeringEvent?.submitter;
  const row = button?.closest(".action");
  const near = row ?? button?.closest(".batch")?.querySelector(".action") ?? here();
  decidedFrom = button?.name === "withdraw" ? null : near?.id ?? "none";
  movedTo = null;
  if (decidedFrom && row) {
    row.setAttribute("aria-busy", "true");
    movedTo = focusNext(row.id)?.id;
  }
  holdKeys(Boolean(movedTo));
});

// The answer may have taken along the row that has the focus, or left the one that was decided where it was. Of many
// that were decided at once, the row one stood on keeps the focus where it still waits.
function settleFocus(isDecided) {
  const row = document.getElementById(decidedFrom);
  row?.removeAttribute("aria-busy");
  const isThere = movedTo && document.activeElement?.closest(".action")?.id === movedTo;
  if (!movedTo && isWaiting(row)) focusRow(row);
  else if (!movedTo) focusNext(decidedFrom);
  else if (isThere && !isDecided) focusRow(row);
  else if (isThere && !isWaiting(document.getElementById(movedTo))) focusNext(decidedFrom);
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "decide") return;
  readQueueNews();
  const isDecided = event.detail.successful && !document.querySelector("#undo-bar .bar.bad");
  if (decidedFrom) settleFocus(isDecided);
  clearTimeout(hiding);
  const bar = document.querySelector("#undo-bar .bar");
  if (bar) hiding = setTimeout(() => bar.remove(), bar.dataset.grace ? bar.dataset.grace * 1000 : 8000);
  dropPassed();
  document.dispatchEvent(new Event("change"));
  releaseKeys(isDecided);
});

function dropPassed() {
  for (const button of document.querySelectorAll("[data-until]")) {
    setTimeout(() => button.remove(), Math.max(new Date(button.dataset.until) - Date.now(), 0));
  }
}

dropPassed();
