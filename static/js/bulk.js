// How far a bulk is: told by the queue's socket. Its own region is asked for when it has ended, when the line is up
// again, and when for a while nobody has said anything of it.
const QUIET = 10000;
const heard = new Map();
const ended = new Set();

const underWay = () => [...document.querySelectorAll(".bulk")].filter((one) => one.querySelector("progress"));

function ask(region) {
  heard.set(region.id, Date.now());
  window.htmx.trigger(region, "bulk-asked");
}

document.addEventListener("htmx:wsAfterMessage", () => {
  const { bulk, done, total, finished } = document.getElementById("bulk-news")?.dataset ?? {};
  const region = bulk && document.getElementById(`bulk-${bulk}`);
  const bar = region?.querySelector("progress");
  if (!bar || Number(done) < bar.value) return;
  if (Number(done) > bar.value) heard.set(region.id, Date.now());
  bar.value = done;
  region.querySelector("[data-far]").textContent = `${done} of ${total}`;
  if (finished === undefined || ended.has(bulk)) return;
  ended.add(bulk);
  ask(region);
});

document.addEventListener("htmx:wsOpen", () => underWay().forEach(ask));
setInterval(() => {
  for (const region of underWay()) {
    if (!heard.has(region.id)) heard.set(region.id, Date.now());
    else if (Date.now() - heard.get(region.id) > QUIET) ask(region);
  }
}, 1000);

// What came of it is read out once, when its region says so.
document.addEventListener("htmx:afterSwap", (event) => {
  const region = event.detail.elt?.closest?.(".bulk") ?? event.target.closest?.(".bulk");
  const words = region && !region.querySelector("progress") && region.querySelector("h2")?.textContent;
  const place = document.getElementById("announcer");
  if (words && place) place.textContent = words.trim();
});
