// One row of the phone's screen for each type of setting.
import { el, icon } from "../editor/dom.js";
import { openSheet } from "./phone_sheet.js";
import { showTime, showValue } from "./values.js";

// `tried` is {value, put}: what the preview holds now and how to change it; `screen` is what a sheet covers.
export function drawRow(entry, tried, screen) {
  const draw = ROWS[entry?.type];
  if (!draw) return el("div", { class: "phone-row phone-unknown" }, `Unknown type: ${showValue(entry?.type)}`);
  const label = showValue(entry.label) || "No label";
  return draw(entry, label, tried, screen);
}

const ROWS = {
  toggle(entry, label, { value, put }) {
    const box = el("input", { type: "checkbox", role: "switch", checked: value === true, onchange: (event) => put(event.target.checked) });
    return el("label", { class: "phone-row" }, el("span", {}, label), box);
  },

  text(entry, label, { value, put }) {
    const save = el("button", { type: "button", class: "phone-save", disabled: true, "aria-label": `Save ${label}` }, "Save");
    const input = el("input", { type: "text", value: showValue(value), oninput: () => (save.disabled = false) });
    save.addEventListener("click", () => {
      put(input.value);
      save.disabled = true;
    });
    return el("div", { class: "phone-row phone-tall" }, el("label", {}, el("span", {}, label), input), save);
  },

  text_no_save_button(entry, label, { value, put }) {
    const lines = entry.maxLines > 1 ? Math.min(entry.maxLines, 6) : 1;
    const oninput = (event) => put(event.target.value);
    const input = lines > 1 ? el("textarea", { rows: lines, value: showValue(value), oninput }) : el("input", { type: "text", value: showValue(value), oninput });
    return el("label", { class: "phone-row phone-tall" }, el("span", {}, label), input);
  },

  select: (entry, label, tried, screen) => chooser(entry, label, tried, screen, {}),
  select_with_search: (entry, label, tried, screen) => chooser(entry, label, tried, screen, { hasSearch: true }),
  multiselect: (entry, label, tried, screen) => chooser(entry, label, tried, screen, { isMany: true }),

  slider(entry, label, { value, put }) {
    const { min = 0, max = 100 } = entry;
    const shown = el("span", { class: "phone-quiet" }, String(value ?? min));
    const oninput = (event) => {
      put(event.target.valueAsNumber);
      shown.textContent = event.target.value;
    };
    const step = [min, max, value ?? min].every(Number.isInteger) ? 1 : "any";
    return el("label", { class: "phone-row phone-tall" }, el("span", { class: "phone-between" }, label, shown), el("input", { type: "range", min, max, step, value: value ?? min, oninput }));
  },

  numeric_input(entry, label, { value, put }) {
    const { min, max, step = "any", placeholder } = entry;
    const oninput = (event) => put(event.target.valueAsNumber);
    return el("label", { class: "phone-row" }, el("span", {}, label), el("input", { type: "number", min, max, step, placeholder, value: value ?? "", oninput }));
  },

  time_picker(entry, label, { value, put }) {
    const oninput = (event) => put(event.target.value);
    const time = typeof value === "string" ? value : showTime(value ?? 0, entry.showSeconds);
    return el("label", { class: "phone-row" }, el("span", {}, label), el("input", { type: "time", step: entry.showSeconds ? 1 : 60, value: time, oninput }));
  },

  titleValue: (entry, label) => el("div", { class: "phone-row" }, el("span", {}, label), el("span", { class: "phone-quiet" }, showValue(entry.value))),
};

function chooser(entry, label, { value, put }, screen, { hasSearch = false, isMany = false }) {
  const options = (Array.isArray(entry.options) ? entry.options : []).filter((option) => option && typeof option === "object");
  let chosen = isMany ? (Array.isArray(value) ? value : []) : [value];
  const shown = el("span", { class: "phone-quiet" });
  const tell = () => {
    const names = options.filter((option) => chosen.includes(option.value)).map((option) => showValue(option.label));
    shown.textContent = isMany && names.length > 1 ? `${names.length} chosen` : (names[0] ?? "Choose");
  };
  const onChosen = (next) => {
    chosen = next;
    put(isMany ? chosen : chosen[0]);
    tell();
  };
  tell();
  const onclick = (event) => openSheet(screen, event.currentTarget, { label, options, chosen, hasSearch, isMany, onChosen });
  return el("button", { type: "button", class: "phone-row", onclick }, el("span", {}, label), shown, icon("chevron_right"));
}
