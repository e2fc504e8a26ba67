// A list that renews itself. Rows stay where they are and get new contents: what is chosen, the counter of it and the
// listeners of the theme live on in them.
const ROWS = "#result_list > tbody";
const CHOICE = "input.action-select";

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "live-list") return;
  event.detail.shouldSwap = false;
  if (event.detail.xhr.status !== 200) return;
  const page = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
  document.getElementById("live-counts").replaceChildren(...page.getElementById("live-counts").children);
  renew([...document.querySelectorAll(ROWS)], [...page.querySelectorAll(ROWS)]);
});

function renew(shown, found) {
  if (!shown.length) {
    if (found.length) location.reload();
    return;
  }
  const chosen = new Set(shown.map((row) => row.querySelector(CHOICE)).filter((box) => box?.checked).map((box) => box.value));
  while (shown.length < found.length) {
    const row = shown.at(-1).cloneNode(true);
    shown.at(-1).after(row);
    shown.push(row);
  }
  shown.forEach((row, place) => {
    row.hidden = place >= found.length;
    if (row.hidden) clear(row);
    else fill(row, found[place], chosen);
  });
}

function clear(row) {
  const box = row.querySelector(CHOICE);
  if (box) box.checked = false;
}

function fill(row, source, chosen) {
  const cells = row.querySelectorAll("tr.data-row > *");
  source.querySelectorAll("tr.data-row > *").forEach((cell, column) => {
    const box = cells[column].querySelector(CHOICE);
    if (box) {
      box.value = cell.querySelector(CHOICE).value;
      box.checked = chosen.has(box.value);
    } else if (cells[column].innerHTML !== cell.innerHTML) {
      cells[column].innerHTML = cell.innerHTML;
    }
  });
}
