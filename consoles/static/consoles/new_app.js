// Suggests a package name while a name is typed, as long as nobody typed one, and says whether the one there is free.
const form = document.getElementById("new-app");
const [name, packageName, organization] = ["name", "package_name", "organization"].map((field) => form.elements[field]);
const state = document.getElementById("package-state");
const PAUSE_MS = 250;

let suggested = packageName.defaultValue;
let pause = 0;
let asked = 0;

async function ask() {
  const question = ++asked;
  const isOurs = packageName.value === suggested || packageName.value === "";
  const query = new URLSearchParams({
    name: name.value,
    package_name: isOurs ? "" : packageName.value,
    organization: organization.value,
  });
  const answer = await fetch(`${form.dataset.packageUrl}?${query}`);
  if (question !== asked || !answer.ok) return;
  show(await answer.json(), isOurs);
}

function show({ suggestion, wanted, isFree, problem }, isOurs) {
  if (isOurs) {
    if (name.value.trim() === "") return;
    suggested = suggestion;
    packageName.value = suggestion;
    state.textContent = `${suggestion} is free.`;
    state.dataset.outcome = "good";
    return;
  }
  state.dataset.outcome = isFree ? "good" : "bad";
  state.textContent = problem || (isFree ? `${wanted} is free.` : `${wanted} is taken. ${suggestion} is free.`);
}

function askSoon() {
  clearTimeout(pause);
  pause = setTimeout(ask, PAUSE_MS);
}

for (const field of [name, packageName, organization]) field.addEventListener("input", askSoon);
// A name that was typed, or that the browser kept, before this script was there.
if (name.value !== name.defaultValue) askSoon();
