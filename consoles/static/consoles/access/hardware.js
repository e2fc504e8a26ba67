// One row for each part of glasses: not needed, nice to have, or required.
import { el, icon } from "../editor/dom.js";

const PART = "hardware";
const LEVELS = [
  ["", "Not needed"],
  ["OPTIONAL", "Nice to have"],
  ["REQUIRED", "Required"],
];

// `kinds` are {type, name, symbol}.
export function drawHardware(root, kinds, declarations, isEditable) {
  const rows = kinds.map((kind) => hardwareRow(kind, declarations, isEditable));
  const show = () => rows.forEach(({ refresh }) => refresh());
  root.append(el("ul", { class: "ed-cards" }, ...rows.map(({ row }) => row)));
  declarations.addEventListener("change", show);
  show();
}

function hardwareRow({ type, name, symbol }, declarations, isEditable) {
  let lastWords = "";
  const now = () => declarations.get(PART, type);
  const choose = (level) => declarations.set(PART, type, level ? { level, description: lastWords } : undefined);
  const radios = LEVELS.map(([level]) => el("input", { type: "radio", name: `hardware-${type}`, disabled: !isEditable, onchange: () => choose(level) }));
  const levels = el("fieldset", { class: "ed-levels" }, el("legend", {}, name), ...LEVELS.map(([, label], at) => el("label", {}, radios[at], label)));
  const oninput = () => declarations.set(PART, type, { ...now(), description: words.value }, "description");
  const words = el("input", { type: "text", placeholder: "What for? Optional.", "aria-label": `What ${name} is for`, disabled: !isEditable, oninput });
  const form = el("div", { class: "ed-form", "data-place": `hardwareRequirements.${type}` }, el("div", { class: "ed-field ed-wide" }, words));
  const row = el("li", { class: "ed-card" }, el("div", { class: "ed-card-head ed-ask" }, icon(symbol), el("b", { "aria-hidden": "true" }, name), levels), form);
  const refresh = () => {
    const fields = now();
    radios[LEVELS.findIndex(([level]) => level === (fields?.level ?? ""))].checked = true;
    form.hidden = !fields;
    if (fields) lastWords = fields.description ?? "";
    if (fields && words.value !== lastWords) words.value = lastWords;
  };
  return { row, refresh };
}
