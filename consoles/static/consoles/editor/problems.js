// What the cloud refused: kept by entry and field until that field is edited, and shown there.
import { el } from "./dom.js";

export class Problems {
  #found = [];

  // `problems` are {place: [index, ...path], detail}, `ids` the ids of the entries they were found in.
  take(problems, ids) {
    this.#found = problems.map(({ place: [index, ...path], detail }) => ({ id: ids[index] ?? null, path: path.join("."), text: detail }));
  }

  get firstId() {
    return this.#found.find((problem) => problem.id !== null)?.id ?? null;
  }

  of(id) {
    return this.#found.filter((problem) => problem.id === id);
  }

  forget(id, spot) {
    this.#found = this.#found.filter((problem) => problem.id !== id || !touches(problem.path, spot));
  }

  // Writes the problems of an entry beside its fields, which say with data-place what they hold.
  show(form, id) {
    for (const old of form.querySelectorAll(".ed-problem")) old.remove();
    for (const field of form.querySelectorAll("[aria-invalid]")) unmark(field);
    for (const problem of this.of(id)) mark(fieldFor(form, problem.path) ?? form, problem.text);
  }
}

function touches(path, spot) {
  return path === spot || path.startsWith(`${spot}.`) || spot.startsWith(`${path}.`);
}

function fieldFor(form, path) {
  const steps = path.split(".");
  for (let length = steps.length; length > 0; length--) {
    const place = CSS.escape(steps.slice(0, length).join("."));
    const field = form.querySelector(`[data-place="${place}"]`);
    if (field) return field;
  }
  return null;
}

let number = 0;

function mark(field, text) {
  const note = el("p", { class: "ed-problem", id: `problem-${++number}` }, text[0].toUpperCase() + text.slice(1));
  const control = field.querySelector("input, select, textarea, button");
  if (field.hasAttribute("data-place")) {
    control?.setAttribute("aria-invalid", "true");
    control?.setAttribute("aria-describedby", [control.dataset.hint, note.id].filter(Boolean).join(" "));
    field.append(note);
  } else {
    field.prepend(note);
  }
}

function unmark(control) {
  control.removeAttribute("aria-invalid");
  if (control.dataset.hint) control.setAttribute("aria-describedby", control.dataset.hint);
  else control.removeAttribute("aria-describedby");
}
