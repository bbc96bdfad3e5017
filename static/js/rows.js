// Lists by keyboard: j and k walk the rows, Enter opens the one in focus, / goes to the search.
const areOn = () => localStorage.getItem("agentdesk-keys") !== "off";
const rows = () => [...document.querySelectorAll("[data-rows] [data-open]")];
let focused = null;

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(document.activeElement);
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => {
    const search = document.querySelector("[data-search]");
    search?.select();
    search?.focus();
    return Boolean(search);
  },
};

// A list that comes anew while its row has the focus: the row keeps it.
document.addEventListener("focusin", (event) => { focused = event.target.closest("[data-rows] [data-open]"); });
document.addEventListener("htmx:afterSwap", () => {
  if (!focused || focused.isConnected || document.activeElement !== document.body) return;
  rows().find((one) => one.href === focused.href)?.focus();
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
  if (!areOn() || isTyping || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (KEYS[event.key]?.()) event.preventDefault();
});
