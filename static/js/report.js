// The address of this page to the clipboard; the button is there only where that works.
for (const button of document.querySelectorAll("[data-copy-link]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const words = button.textContent;
    await navigator.clipboard.writeText(location.origin + location.pathname);
    button.textContent = "Copied";
    document.getElementById("announcer").textContent = "The link is copied.";
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}

// A report that is followed: rows stay where they are, what came of them is put in; more to see is offered, not forced.
const plans = document.querySelector("form[data-shown]");
const atWork = new Set();

function announce(words) {
  const place = document.getElementById("announcer");
  if (place && words) place.textContent = words;
}

function noteSubmissions(isNews) {
  for (const one of document.querySelectorAll("[data-submission]")) {
    const { submission } = one.dataset;
    if (!("finished" in one.dataset)) atWork.add(submission);
    else if (atWork.delete(submission) && isNews) announce(one.querySelector("strong").textContent);
  }
}

function readNews() {
  const state = document.getElementById("report-state");
  state.querySelector("[data-newer]").hidden = state.dataset.mark === plans.dataset.shown;
  for (const came of plans.querySelectorAll(".came[data-live]")) {
    const choice = came.closest(".report-row").querySelector("input[name=run]");
    if (choice) { choice.checked = false; choice.disabled = true; }
  }
  noteSubmissions(true);
}

if (plans) {
  noteSubmissions(false);
  let wasFinished = "finished" in document.getElementById("report-state").dataset;
  document.addEventListener("htmx:wsAfterMessage", () => {
    readNews();
    const isFinished = "finished" in document.getElementById("report-state").dataset;
    if (isFinished && !wasFinished) announce("The report is finished.");
    wasFinished = isFinished;
  });
}
