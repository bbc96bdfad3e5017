// Findings by key: 1, 2, 3 press the buttons that show them; off while typing, and where keys are turned off.
const isTyping = (target) => target.isContentEditable || target.matches("input, textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (localStorage.getItem("agentdesk-keys") === "off" || document.querySelector("dialog[open]")) return;
  const button = document.querySelector(`[data-findings] [data-finding-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
