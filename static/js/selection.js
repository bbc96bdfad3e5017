// What is selected, in numbers: the rows that are ticked, and of a group also those that are not on the page.
const bar = document.querySelector("[data-selection]");
const beyond = new Map();

const boxes = () => [...document.querySelectorAll(".pick input:not(:disabled)")];
const idOf = (token) => token.split(" ")[0];

function needsLook(box) {
  return Boolean(box.closest(".action")?.querySelector("button.approve:disabled"));
}

function ticked() {
  const here = boxes().filter((one) => one.checked);
  return here.map((one) => ({ token: one.value, look: needsLook(one), ...one.dataset }));
}

const picked = () => [...ticked(), ...beyond.values()];

function ageOf(at) {
  const minutes = Math.round((Date.now() / 1000 - at) / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}

// Amounts in cents, so that they add up; each currency by itself.
function sums(items) {
  const totals = new Map();
  for (const { amount, currency } of items) {
    const cents = Math.round(Number(amount) * 100);
    const { total, largest } = totals.get(currency) ?? { total: 0, largest: 0 };
    totals.set(currency, { total: total + cents, largest: Math.max(largest, cents) });
  }
  const many = totals.size > 1;
  const show = (cents, currency) => (many ? `${(cents / 100).toFixed(2)} ${currency}` : (cents / 100).toFixed(2));
  if (![...totals.values()].some(({ total }) => total)) return "no money at stake";
  const join = (part) => [...totals].map(([currency, figures]) => show(figures[part], currency)).join(" + ");
  return `${join("total")} in all · largest ${join("largest")}`;
}

// Of high risk an approval takes only what was opened: said before it is pressed.
function openedWords(items) {
  const open = items.filter((one) => !one.look).length;
  return open === items.length ? "" : ` · ${open} of ${items.length}: you opened ${open}`;
}

export function showFigures() {
  if (!bar) return;
  const items = picked();
  bar.hidden = !items.length;
  if (!items.length) return;
  const oldest = Math.min(...items.map((one) => Number(one.at)));
  bar.querySelector("[data-number]").textContent = `${items.length} selected`;
  bar.querySelector("[data-figures]").textContent = `${sums(items)} · oldest ${ageOf(oldest)}${openedWords(items)}`;
}

// A row that comes onto the page while it is selected takes its tick from there.
function tickWhatCame() {
  for (const box of boxes()) {
    if (beyond.delete(idOf(box.value))) box.checked = true;
  }
}

function clear() {
  beyond.clear();
  for (const box of boxes()) box.checked = false;
  for (const button of document.querySelectorAll("[data-select]")) button.setAttribute("aria-pressed", "false");
}

async function selectGroup(button) {
  button.disabled = true;
  try {
    const answer = await fetch(button.dataset.select, { headers: { Accept: "application/json" } });
    const { items } = await answer.json();
    const isOn = button.getAttribute("aria-pressed") === "true";
    const here = new Map(boxes().map((one) => [one.value, one]));
    for (const item of items) {
      const box = here.get(item.token);
      if (box) box.checked = !isOn;
      else if (isOn) beyond.delete(idOf(item.token));
      else if (!document.getElementById(`action-${idOf(item.token)}`)) beyond.set(idOf(item.token), item);
    }
    button.setAttribute("aria-pressed", String(!isOn));
    button.textContent = `Select all ${items.length}`;
  } finally {
    button.disabled = false;
    button.focus();
  }
  showFigures();
}

if (bar) {
  for (const button of document.querySelectorAll("[data-select]")) button.hidden = false;
  document.addEventListener("change", showFigures);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-select]");
    if (button) selectGroup(button);
  });
  document.addEventListener("htmx:afterSettle", () => { tickWhatCame(); showFigures(); });
  document.addEventListener("htmx:oobAfterSwap", showFigures);
  // One field for all of them: a form may have a thousand fields, and a selection as many actions.
  document.addEventListener("htmx:configRequest", (event) => {
    const { formData } = event.detail;
    const isBulk = formData.has("approve_selected") || formData.has("reject_selected");
    if (event.target.id !== "decide" || !isBulk) return;
    formData.delete("action");
    formData.set("beyond", picked().map((one) => one.token).join(","));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { submitter } = event.detail.requestConfig?.triggeringEvent ?? {};
    const isBulk = ["approve_selected", "reject_selected"].includes(submitter?.name);
    if (event.target.id !== "decide" || !isBulk || !event.detail.successful) return;
    clear();
    showFigures();
  });
  showFigures();
}
