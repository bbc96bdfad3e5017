// Counts what was changed in a form of settings: in all, in each of its parts, and marks the fields.
const form = document.querySelector("form[data-count-changes]");
const total = form?.querySelector("[data-changes]");

// What is in force: said by the field where the form began with something else.
function before(control) {
  if (control.dataset.was !== undefined) return control.dataset.was;
  if (control.type === "checkbox") return control.defaultChecked ? "on" : "";
  if (control.tagName === "SELECT") return [...control.options].find((one) => one.defaultSelected)?.value ?? control.options[0].value;
  return control.defaultValue;
}

function isChanged(control) {
  const now = control.type === "checkbox" ? (control.checked ? "on" : "") : control.value.trim();
  return now !== before(control);
}

// A list of boxes under one name is one change.
function changedNames(controls) {
  const names = new Set();
  for (const control of controls) {
    const changed = isChanged(control);
    control.toggleAttribute("data-altered", changed);
    if (changed) names.add(control.name);
  }
  return names.size;
}

const fields = (part) => part.querySelectorAll("input[name]:not([type=hidden], #note, [name=days]), select[name]:not([name=days])");
const say = (count, one, many) => `${count || "No"} ${count > 1 ? many : one}`;

function count() {
  for (const part of form.querySelectorAll("details.kind")) {
    const badge = part.querySelector("[data-changed]");
    const changed = changedNames(fields(part));
    badge.hidden = changed === 0;
    badge.textContent = say(changed, "change", "changes");
  }
  const all = changedNames(fields(form));
  form.dataset.countChanges = all;
  const words = say(all, total.dataset.one, total.dataset.many);
  if (total.textContent !== words) total.textContent = words;
}

if (total) {
  form.addEventListener("input", count);
  form.addEventListener("change", count);
  window.addEventListener("pageshow", count);
  count();
}
