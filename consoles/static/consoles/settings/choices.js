// What choices have besides: the options, and which of them are chosen at first.
import { el } from "../editor/dom.js";
import { choiceField, named } from "../editor/fields.js";
import { optionsField } from "./options.js";
import { showValue } from "./values.js";

const PLACE = "defaultValue";

export function choiceFields(entry, edit) {
  let options = Array.isArray(entry.options) ? entry.options : [];
  let chosen = entry.defaultValue;
  const place = el("div", { class: "ed-field" });
  const choose = (value) => {
    chosen = value;
    edit(PLACE, (now) => write(now, PLACE, chosen));
  };
  const draw = () => place.replaceChildren(entry.type === "multiselect" ? manyOf(options, chosen, choose) : oneOf(options, chosen, choose));
  const onOptions = (next, spot) => {
    chosen = follow(chosen, options, next);
    options = next;
    edit(spot ?? "options", (now) => write(write(now, "options", options), PLACE, chosen), !spot);
    draw();
  };
  draw();
  return [optionsField(options, onOptions), place];
}

// Without a value, the field goes.
export function write(entry, name, value) {
  if (value === undefined) delete entry[name];
  else entry[name] = value;
  return entry;
}

// An option that is chosen stays chosen when its value is written anew.
function follow(chosen, before, after) {
  if (before.length !== after.length) return chosen;
  const at = before.findIndex((option, each) => option?.value !== after[each]?.value);
  if (at < 0) return chosen;
  const renew = (value) => (value === before[at]?.value ? after[at].value : value);
  const isOneChange = before.every((option, each) => each === at || option?.value === after[each]?.value);
  if (!isOneChange) return chosen;
  return Array.isArray(chosen) ? chosen.map(renew) : renew(chosen);
}

function oneOf(options, chosen, choose) {
  const choices = [[undefined, "Nothing"], ...options.map((option) => [option?.value, nameOf(option)])];
  return choiceField("Chosen at first", chosen, choices, choose, { place: PLACE, code: PLACE });
}

function manyOf(options, chosen, choose) {
  let values = Array.isArray(chosen) ? chosen : [];
  const box = (option) => {
    const onchange = (event) => {
      values = event.target.checked ? [...values, option.value] : values.filter((each) => each !== option.value);
      choose(values);
    };
    return el("label", { class: "ed-switch" }, el("input", { type: "checkbox", checked: values.includes(option?.value), onchange }), nameOf(option));
  };
  const name = el("legend", {}, named("Chosen at first", PLACE));
  return el("fieldset", { class: "ed-field", "data-place": PLACE }, name, el("div", { class: "ed-row" }, ...options.map(box)));
}

function nameOf(option) {
  return option?.label || showValue(option?.value) || "(no label)";
}
