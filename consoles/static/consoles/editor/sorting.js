// Moves the rows of a list: drag a handle with mouse, pen or finger, or press the arrow keys on it.
// `onMoved(row, to)` hears where a row was put; the rows themselves are moved by whoever draws them.
export function makeSortable(list, handleSelector, onMoved) {
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(handleSelector);
    if (handle && event.button === 0) drag(list, handle, event, onMoved);
  });
  list.addEventListener("keydown", (event) => {
    const handle = event.target.closest(handleSelector);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!handle || !step) return;
    event.preventDefault();
    const row = rowOf(list, handle);
    onMoved(row, [...list.children].indexOf(row) + step);
    handle.focus();
  });
}

function drag(list, handle, start, onMoved) {
  const row = rowOf(list, handle);
  const cancel = new AbortController();
  start.preventDefault();
  handle.focus();
  handle.setPointerCapture(start.pointerId);
  row.classList.add("ed-dragged");
  const listen = (name, deed) => handle.addEventListener(name, deed, { signal: cancel.signal });
  listen("pointermove", (event) => placeAt(list, row, event.clientY));
  const finish = () => {
    cancel.abort();
    row.classList.remove("ed-dragged");
    onMoved(row, [...list.children].indexOf(row));
  };
  listen("pointerup", finish);
  listen("pointercancel", finish);
}

// The others make way: an element that is taken out of the page, if only for an instant, would lose the pointer.
function placeAt(list, row, y) {
  while (row.previousElementSibling && y < middleOf(row.previousElementSibling)) row.after(row.previousElementSibling);
  while (row.nextElementSibling && y > middleOf(row.nextElementSibling)) row.before(row.nextElementSibling);
}

function middleOf(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

function rowOf(list, handle) {
  return [...list.children].find((row) => row.contains(handle));
}
