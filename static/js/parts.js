// A part of a row that a key opens: there already, or on its way with the row's preview; the key is not lost meanwhile.
let wish = null;

// The row as it stands on the page now: a swap puts another element with the same id in its place.
export function rowNow(row) {
  if (!row || row.isConnected) return row;
  return document.getElementById(row.id);
}

// Opens what `selectors` name, one inside the other, as they come, and hands the last one over.
export function openPart(row, selectors, then) {
  wish = { row, selectors, then, digit: null };
  pursue();
  const preview = wish?.row.querySelector("details.preview");
  if (wish && (!preview || preview.querySelector(".preview-inner")) && wish.selectors.length === selectors.length) wish = null;
}

export const isPartComing = () => wish !== null;

export function dropPart() {
  wish = null;
}

export function notePart(key) {
  if (/^[1-6]$/.test(key)) wish.digit = key;
}

function pursue() {
  wish.row = rowNow(wish.row);
  const preview = wish.row?.querySelector("details.preview");
  if (preview && !preview.open) preview.open = true;
  while (wish.row && wish.selectors.length) {
    const part = wish.row.querySelector(wish.selectors[0]);
    if (!part) return;
    if (part.matches("details")) part.open = true;
    wish.selectors = wish.selectors.slice(1);
    if (!wish.selectors.length) {
      const { then, digit } = wish;
      wish = null;
      then(part, digit);
      return;
    }
  }
  wish = null;
}

// An answer that brought nothing of what is wanted ends the wait for it.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!wish || !event.target.closest?.(`#${CSS.escape(wish.row.id)}`)) return;
  const { length } = wish.selectors;
  pursue();
  if (wish?.selectors.length === length) wish = null;
});
document.addEventListener("pointerdown", dropPart);
