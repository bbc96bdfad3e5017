// How long a preview was on screen when it was decided.
import "./selection.js";

const opened = new Map();
const loadedAt = Date.now();

document.addEventListener("toggle", (event) => {
  const action = event.target.closest?.(".action");
  if (action && event.target.open && event.target.matches(".preview")) opened.set(action.id, Date.now());
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[form=decide]");
  const field = document.querySelector("#decide [name=seconds]");
  if (!button || !field) return;
  const since = opened.get(button.closest(".action")?.id) ?? loadedAt;
  field.value = ((Date.now() - since) / 1000).toFixed(1);
}, true);
