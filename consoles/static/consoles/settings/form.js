// The form of one setting: its words and key, and what its type has besides.
import { choiceFields, write } from "./choices.js";
import { el } from "../editor/dom.js";
import { choiceField, field, numberField, switchField, textField } from "../editor/fields.js";
import { suggestKey } from "../editor/keys.js";
import { notesOf } from "./notes.js";
import { asType, FIELDS, isKeyed, TYPES } from "./types.js";
import { readLike, readTime, showTime, showValue } from "./values.js";

// `others` are the keys of the other entries, `savedKey` the key under which this one was stored, if it was.
export function settingForm(entry, edit, redraw, { others, savedKey }) {
  const notes = el("ul", { class: "ed-notes" });
  const tellNotes = (now) => notes.replaceChildren(...notesOf(now, savedKey).map((text) => el("li", {}, text)));
  const noted = (spot, change, isStep) => edit(spot, (now) => { change(now); tellNotes(now); }, isStep);
  const set = (name, value) => noted(name, (now) => write(now, name, value));
  const become = (type) => {
    edit("type", (now) => asType(now, type), true);
    redraw("type");
  };
  const types = Object.entries(TYPES).map(([type, { name }]) => [type, name]);
  const names = FIELDS[entry.type] ?? [];
  tellNotes(entry);
  return [
    ...(isKeyed(entry.type) ? wordFields(entry, noted, { others, savedKey }) : []),
    ...(names.includes("options") ? choiceFields(entry, noted) : names.map((name) => MAKERS[name](entry, (value) => set(name, value)))),
    choiceField("Type", entry.type, types, become, { place: "type", code: "type" }),
    unknownFields(entry),
    notes,
  ];
}

// While the key is what the label suggests, it follows the label; a stored key stays.
function wordFields(entry, edit, { others, savedKey }) {
  const key = textField("Key", entry.key, (text) => edit("key", (now) => write(now, "key", text)), { place: "key", code: "key", isCode: true, hint: "The name your app reads it by." });
  const label = textField("Label", entry.label, follow, { place: "label", code: "label" });
  function follow(text) {
    edit("label", (now) => {
      const isOwn = !now.key || now.key === suggestKey(now.label ?? "", others());
      now.label = text;
      if (!savedKey && isOwn) now.key = suggestKey(text, others());
      key.querySelector("input").value = now.key ?? "";
    });
  }
  return [label, key];
}

const MAKERS = {
  title: (entry, put) => textField("Title", entry.title, put, { place: "title", code: "title" }),
  label: (entry, put) => textField("Label", entry.label, put, { place: "label", code: "label" }),
  value: (entry, put) => textField("Value", showValue(entry.value), (text) => put(readLike(entry.value, text)), { place: "value", code: "value" }),
  min: (entry, put) => numberField("Smallest", entry.min, put, { place: "min", code: "min" }),
  max: (entry, put) => numberField("Largest", entry.max, put, { place: "max", code: "max" }),
  step: (entry, put) => numberField("Step", entry.step, put, { place: "step", code: "step" }),
  placeholder: (entry, put) => textField("Placeholder", entry.placeholder, (text) => put(text || undefined), { place: "placeholder", code: "placeholder" }),
  maxLines: (entry, put) => numberField("Lines", entry.maxLines, put, { place: "maxLines", code: "maxLines", hint: "How many lines the field grows to." }),
  showSeconds: (entry, put) => switchField("Ask for seconds too", entry.showSeconds, put, { place: "showSeconds" }),
  defaultValue: (entry, put) => DEFAULTS[entry.type](entry, put),
};

const AT_FIRST = { place: "defaultValue", code: "defaultValue" };
const DEFAULTS = {
  toggle: (entry, put) => switchField("On at first", entry.defaultValue, put, AT_FIRST),
  text: (entry, put) => textField("At first", entry.defaultValue, (text) => put(text || undefined), AT_FIRST),
  text_no_save_button: (entry, put) => textField("At first", entry.defaultValue, (text) => put(text || undefined), { ...AT_FIRST, isWide: true, lines: 2 }),
  slider: (entry, put) => numberField("At first", entry.defaultValue, put, { ...AT_FIRST, hint: "Empty means the smallest." }),
  numeric_input: (entry, put) => numberField("At first", entry.defaultValue, put, AT_FIRST),
  time_picker: (entry, put) => {
    const oninput = (event) => put(readTime(event.target.value));
    return field("At first", el("input", { type: "time", step: entry.showSeconds ? 1 : 60, value: showTime(entry.defaultValue, entry.showSeconds), oninput }), AT_FIRST);
  },
};

// What the protocol has no name for is stored and sent all the same.
function unknownFields(entry) {
  const known = ["type", "key", "label", ...(FIELDS[entry.type] ?? [])];
  const others = Object.keys(entry).filter((name) => !known.includes(name));
  return others.length ? el("p", { class: "ed-hint ed-wide" }, `Kept as it is: ${others.join(", ")}. To change it, use the JSON view.`) : "";
}
