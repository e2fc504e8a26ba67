// The tour's tabs of languages, which keep the last choice.
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

for (const place of document.querySelectorAll("[data-tabs]")) {
  const tabs = [...place.querySelectorAll("[role=tab]")];
  const choose = (chosen) => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen;
    }
    localStorage.setItem(place.dataset.tabs, chosen.id);
  };
  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", ({ key }) => {
      const next = STEPS[key] && tabs.at((at + STEPS[key]) % tabs.length);
      if (next) { choose(next); next.focus(); }
    });
  }
  const last = tabs.find((tab) => tab.id === localStorage.getItem(place.dataset.tabs));
  if (last) choose(last);
}
