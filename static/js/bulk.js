// How far a bulk is: told by the queue's socket, and asked for every few seconds by its own region.
document.addEventListener("htmx:wsAfterMessage", () => {
  const { bulk, done, total, finished } = document.getElementById("bulk-news")?.dataset ?? {};
  const region = bulk && document.getElementById(`bulk-${bulk}`);
  const bar = region?.querySelector("progress");
  if (!bar || Number(done) < bar.value) return;
  bar.value = done;
  region.querySelector("[data-far]").textContent = `${done} of ${total}`;
  if (finished !== undefined) window.htmx.trigger(region, "bulk-ended");
});

// What came of it is read out once, when its region says so.
document.addEventListener("htmx:afterSwap", (event) => {
  const region = event.detail.elt?.closest?.(".bulk") ?? event.target.closest?.(".bulk");
  const words = region && !region.querySelector("progress") && region.querySelector("h2")?.textContent;
  const place = document.getElementById("announcer");
  if (words && place) place.textContent = words.trim();
});
