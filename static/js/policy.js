// The handles of the policy page: a kind's counts move with them. What is summed here is what the server's backtest counts
// for the same threshold, because the cells hold every action that only the handles decide on.
const Z = 1.959963984540054;
const ROUNDED_UP = 1e-9;

// Half up, as the server rounds; a double just below a half is one.
const rounded = (value, places = 0) => (Math.floor(value * 10 ** places + 0.5 + ROUNDED_UP) / 10 ** places).toFixed(places);
const grouped = (text) => text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
const whole = (count) => grouped(String(count));
const money = (value) => {
  const [units, cents] = rounded(value, 2).split(".");
  return `${grouped(units)}.${cents}`;
};
const few = (value) => (value < 9.95 ? rounded(value, 1) : grouped(rounded(value)));
const part = (count, all) => `${rounded(all ? (count / all) * 100 : 0)} %`;

// E. B. Wilson's interval of a share, on the effective number of labels.
function wilson(wrong, n) {
  if (n <= 0) return { low: 0, estimate: 0, high: 1, known: false };
  const share = wrong / n;
  const square = Z * Z;
  const middle = (share + square / (2 * n)) / (1 + square / n);
  const half = (Z / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  return { low: Math.max(0, middle - half), estimate: share, high: Math.min(1, middle + half), known: true };
}

// What ran by itself and was undone is known for certain; the rest was drawn, and speaks for its weight. As `estimates.share_of` joins them.
function shareWrong({ weight, squares, wrong, certain }) {
  const effective = weight ? (weight * weight) / squares : 0;
  const drawn = wilson(effective ? (wrong / weight) * effective : 0, effective);
  if (!certain) return drawn;
  if (!weight) return wilson(certain, certain);
  const known = wilson(certain, weight + certain);
  const rest = 1 - known.estimate;
  const estimate = known.estimate + drawn.estimate * rest;
  const below = Math.hypot(known.estimate - known.low, (drawn.estimate - drawn.low) * rest);
  const above = Math.hypot(known.high - known.estimate, (drawn.high - drawn.estimate) * rest);
  return { low: Math.max(0, estimate - below), estimate, high: Math.min(1, estimate + above), known: true };
}

const nothing = () => ({ all: 0, byItself: 0, waits: 0, refused: 0, shadow: 0, ran: 0, cents: 0, seconds: 0, times: 0, newly: [0, 0, 0, 0, 0], labels: { weight: 0, squares: 0, wrong: 0, certain: 0 } });

function addAllowed(sums, cell) {
  const [, , , count, , ...rest] = cell;
  sums.byItself += count;
  rest.slice(0, 5).forEach((number, place) => { sums.newly[place] += number; });
  const [cents, , , weight, squares, wrong, certain] = rest.slice(5);
  sums.cents += cents;
  sums.labels.weight += weight;
  sums.labels.squares += squares;
  sums.labels.wrong += wrong;
  sums.labels.certain += certain;
}

function addOther(sums, lane, count, ran, seconds, times) {
  sums.ran += ran;
  if (lane === "refused" || lane === "shadow") {
    sums[lane] += count;
    return;
  }
  sums.waits += count;
  sums.seconds += seconds;
  sums.times += times;
}

// Where a kind's own rung sends what does not run by itself.
const LANES = { off: "refused", shadow: "shadow" };

// `table` as the server wrote it (policy_histograms.py), the kind's mode, and the places of both handles.
export function count(table, mode, confidence, amount) {
  const sums = nothing();
  for (const cell of table.cells) {
    const [own, at, upto, number, ran] = cell;
    const isAuto = own || mode === "auto";
    sums.all += number;
    if (isAuto && at >= confidence && upto <= amount) addAllowed(sums, cell);
    else addOther(sums, isAuto ? "waits" : LANES[mode] ?? "waits", number, ran, cell[11], cell[12]);
  }
  for (const [own, word, number, ran, seconds, times] of table.fixed) {
    sums.all += number;
    addOther(sums, own || word === "refused" ? word : LANES[mode] ?? word, number, ran, seconds, times);
  }
  return sums;
}

export function words(sums, { days, secondsEach }) {
  const share = shareWrong(sums.labels);
  const known = share.known || sums.byItself === 0;
  const byWeek = (value) => (value * 7) / days;
  const hours = (sums.seconds + (sums.waits - sums.times) * secondsEach) / 3600;
  const stake = share.estimate * byWeek(sums.cents / 100);
  const [approved, edited, rejected, undone, undecided] = sums.newly;
  return {
    by_itself: whole(sums.byItself),
    by_itself_share: part(sums.byItself, sums.all),
    waits_share: part(sums.waits, sums.all),
    waits_a_day: few(sums.waits / days),
    hours_a_day: rounded(hours / days, 1),
    refused_share: part(sums.refused, sums.all),
    wrong: known ? rounded(share.estimate * byWeek(sums.byItself), 1) : "not known",
    wrong_low: rounded(share.low * byWeek(sums.byItself), 1),
    wrong_high: rounded(share.high * byWeek(sums.byItself), 1),
    at_stake: known || sums.cents === 0 ? money(stake) : "not known",
    newly: whole(approved + edited + rejected + undone + undecided),
    newly_approved: whole(approved),
    newly_edited: whole(edited),
    newly_rejected: whole(rejected),
    newly_undone: whole(undone),
    newly_undecided: whole(undecided),
    no_longer: whole(sums.ran),
  };
}

const field = (name) => document.getElementsByName(name)[0];
const stopsOf = (handle) => JSON.parse(handle.dataset.stops);
const sliderOf = (handle) => handle.querySelector("input[type=range]");
const slides = (root) => [...root.querySelectorAll(".handle")];

// Where a text field stands among the stops: the last place for an empty one, -1 for what is no stop.
function placeOf(stops, text) {
  if (text.trim() === "") return stops.length;
  return stops.findIndex((stop) => Number(stop) === Number(text));
}

function show(part) {
  const places = { confidence: 0, amount: Infinity };
  for (const handle of slides(part)) {
    const slider = sliderOf(handle);
    const place = Number(slider.value);
    const stops = stopsOf(handle);
    const isAmount = handle.dataset.name === "amount";
    places[handle.dataset.name] = place;
    const stands = place < stops.length ? stops[place] : isAmount ? "no limit" : "never by itself";
    slider.setAttribute("aria-valuetext", stands);
    handle.querySelector("output").textContent = stands;
    for (const bar of handle.querySelectorAll(".bar")) {
      bar.classList.toggle("out", isAmount ? Number(bar.dataset.first) > place : Number(bar.dataset.last) < place);
    }
  }
  const isMoved = slides(part).some((handle) => sliderOf(handle).value !== sliderOf(handle).defaultValue);
  part.querySelector("[data-as-sent]").hidden = isMoved;
  const table = JSON.parse(part.dataset.table);
  const mode = field(`${part.dataset.handles}.mode`)?.value ?? part.dataset.mode;
  const said = words(count(table, mode, places.confidence, places.amount), table);
  for (const [name, text] of Object.entries(said)) {
    const place = part.querySelector(`[data-figure="${name}"]`);
    if (place) place.textContent = text;
  }
  return said;
}

function prepare(part) {
  for (const handle of slides(part)) {
    sliderOf(handle).hidden = !field(handle.dataset.handle);
  }
}

function onSlide(slider) {
  const handle = slider.closest(".handle");
  const stops = stopsOf(handle);
  const text = field(handle.dataset.handle);
  text.value = Number(slider.value) < stops.length ? stops[Number(slider.value)] : "";
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

// What was typed moves its handle; where it is no stop, or another field changed, the server counts anew.
function onTyped(input) {
  const [kind, name, ...more] = input.name.split(".");
  const part = document.querySelector(`[data-handles="${CSS.escape(kind)}"]`);
  if (!part) return false;
  if (name === "mode" && !more.length) {
    show(part);
    return true;
  }
  const handle = slides(part).find((one) => one.dataset.handle === input.name);
  const place = handle ? placeOf(stopsOf(handle), input.value) : -1;
  if (place < 0) return false;
  sliderOf(handle).value = place;
  show(part);
  return true;
}

function recount(name) {
  const [owner] = name.split(".");
  const shown = owner === "settings" ? document.querySelectorAll(".under-handles:has(.histogram-part)") : [document.getElementById(`under-${owner}`)];
  for (const one of shown) if (one?.querySelector(".histogram-part")) one.dispatchEvent(new Event("recount"));
}

document.addEventListener("input", ({ target }) => {
  if (target.matches?.(".handle input[type=range]")) onSlide(target);
  else if (/\.(min_confidence|max_amount)$/.test(target.name ?? "")) onTyped(target);
});
document.addEventListener("change", ({ target }) => {
  if (target.matches?.(".handle input[type=range]")) {
    const part = target.closest("[data-handles]");
    const { by_itself_share: byItself, waits_share: waits, wrong } = show(part);
    part.querySelector("[data-said]").textContent = `By itself ${byItself}, review ${waits}, expected wrong ${wrong} a week.`;
  } else if (target.closest?.("form.policy") && target.name?.includes(".") && !onTyped(target)) recount(target.name);
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  target.querySelectorAll?.("[data-handles]").forEach(prepare);
});
document.querySelectorAll("[data-handles]").forEach(prepare);
