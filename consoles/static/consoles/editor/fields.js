// Labelled fields of a form. `place` is the way to the value in its entry ("min", "options.0.label"): problems are shown there.
import { el, iconButton } from "./dom.js";

export function field(label, control, { place, hint, isWide, code } = {}) {
  const name = el("label", {}, named(label, code), control);
  return el("div", { class: isWide ? "ed-field ed-wide" : "ed-field", "data-place": place }, name, hint && hintOf(control, hint));
}

// A label, and beside it the name that apps and JSON know.
export function named(label, code) {
  return el("span", { class: "ed-label" }, label, code && el("code", { "aria-hidden": "true" }, code));
}

let number = 0;

function hintOf(control, text) {
  const hint = el("span", { class: "ed-hint", id: `hint-${++number}` }, text);
  control.dataset.hint = hint.id;
  control.setAttribute("aria-describedby", hint.id);
  return hint;
}

export function textField(label, value, onText, { lines, maxlength, placeholder, list, isCode, ...more } = {}) {
  const oninput = (event) => onText(event.target.value);
  const common = { value: value ?? "", placeholder, maxlength, oninput, class: isCode && "ed-code" };
  const control = lines ? el("textarea", { rows: lines, ...common }) : el("input", { type: "text", list, spellcheck: !isCode && null, ...common });
  return field(label, control, more);
}

// An empty field means: no value.
export function numberField(label, value, onNumber, more = {}) {
  const oninput = (event) => onNumber(event.target.value === "" ? undefined : event.target.valueAsNumber);
  return field(label, el("input", { type: "number", step: "any", value: value ?? "", oninput }), more);
}

export function switchField(label, value, onSwitch, { place, hint } = {}) {
  const control = el("input", { type: "checkbox", role: "switch", checked: value === true, onchange: (event) => onSwitch(event.target.checked) });
  const words = el("span", {}, el("span", { class: "ed-label" }, label), hint && el("span", { class: "ed-hint" }, hint));
  return el("div", { class: "ed-field", "data-place": place }, el("label", { class: "ed-switch" }, control, words));
}

// `choices` are [value, label]; values may be anything JSON can say.
export function choiceField(label, value, choices, onChoice, more = {}) {
  const wanted = choices.findIndex(([each]) => JSON.stringify(each) === JSON.stringify(value));
  const onchange = (event) => onChoice(choices[event.target.selectedIndex][0]);
  const options = choices.map(([, name]) => el("option", {}, name));
  const control = el("select", { onchange }, ...options);
  control.selectedIndex = wanted;
  return field(label, control, more);
}

// Short texts, each with a button that takes it away; Enter or a comma adds what was typed.
export function chipsField(label, texts, onTexts, { place, hint, code, placeholder, isEditable = true } = {}) {
  const box = el("div", { class: "ed-chips" });
  const input = el("input", { type: "text", placeholder, "aria-label": `Add to: ${label}`, onkeydown, onblur: add });
  const draw = () => {
    const chips = texts.map((text, at) => el("span", { class: "ed-chip" }, String(text), isEditable && iconButton("close", `Remove ${text}`, () => put(texts.toSpliced(at, 1)))));
    box.replaceChildren(...chips, ...(isEditable ? [input] : []));
  };
  function put(next) {
    texts = next;
    onTexts(texts);
    draw();
    input.focus();
  }
  function add() {
    const text = input.value.trim();
    input.value = "";
    if (text && !texts.includes(text)) put([...texts, text]);
  }
  function onkeydown(event) {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && !input.value && texts.length) {
      put(texts.slice(0, -1));
    }
  }
  draw();
  return el("div", { class: "ed-field ed-wide", "data-place": place }, named(label, code), box, hint && el("span", { class: "ed-hint" }, hint));
}
