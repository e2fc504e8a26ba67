// The options of a choice as rows: the label people read, the value your app gets.
import { el, iconButton } from "../editor/dom.js";
import { named } from "../editor/fields.js";
import { makeSortable } from "../editor/sorting.js";
import { freeKey, suggestKey } from "../editor/keys.js";
import { showValue, readLike } from "./values.js";

// `onOptions(options, spot)` gets the whole list after each change; a missing spot means that rows came, went or moved.
export function optionsField(options, onOptions) {
  const rows = el("ol", { class: "ed-options" });
  const put = (next, spot) => {
    options = next;
    onOptions(next, spot);
    if (!spot) draw();
  };
  const change = (at, part, value) => {
    const fields = { ...options[at], [part]: value };
    if (part === "label" && isOwn(options, at)) fields.value = suggestKey(value, valuesWithout(options, at)) || fields.value;
    put(options.with(at, fields), `options.${at}.${part}`);
    if (part === "label") rows.children[at].querySelector("[data-part=value]").value = showValue(fields.value);
  };
  const draw = () => rows.replaceChildren(...options.map((option, at) => row(option, at)));
  const row = (option, at) => {
    const input = (part, text, name, onText) =>
      el("div", { class: "ed-cell", "data-place": `options.${at}.${part}` }, el("input", { type: "text", value: text, placeholder: name, "aria-label": `${name} of option ${at + 1}`, "data-part": part, oninput: (event) => onText(event.target.value) }));
    return el(
      "li",
      { "data-place": `options.${at}` },
      iconButton("drag_indicator", `Move option ${at + 1}: drag it or press the arrow keys`, () => {}, { class: "ed-icon ed-option-handle" }),
      input("label", option?.label ?? "", "Label", (text) => change(at, "label", text)),
      input("value", showValue(option?.value), "Value", (text) => change(at, "value", readLike(options[at].value, text))),
      iconButton("close", `Remove option ${at + 1}`, () => put(options.toSpliced(at, 1))),
    );
  };
  const add = () => {
    const label = `Option ${options.length + 1}`;
    put([...options, { label, value: freeKey(suggestKey(label, []), valuesWithout(options, -1)) }]);
    rows.lastElementChild.querySelector("[data-part=label]").select();
  };
  draw();
  makeSortable(rows, ".ed-option-handle", (moved, to) => {
    const from = Number(moved.dataset.place.split(".")[1]);
    if (from === to || to < 0 || to >= options.length) return;
    put(options.toSpliced(from, 1).toSpliced(to, 0, options[from]));
    rows.children[to].querySelector("button").focus();
  });
  const button = el("button", { type: "button", class: "ed-link", onclick: add }, "Add an option");
  return el("div", { class: "ed-field ed-wide", "data-place": "options" }, named("Options", "options"), rows, button);
}

// Whether the value is still the one its label suggested.
function isOwn(options, at) {
  const { label = "", value } = options[at] ?? {};
  return typeof value === "string" && (value === "" || value === suggestKey(String(label), valuesWithout(options, at)));
}

function valuesWithout(options, at) {
  return options.filter((_, each) => each !== at).map((option) => option?.value);
}
