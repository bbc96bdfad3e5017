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
