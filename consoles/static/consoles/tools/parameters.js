// What a tool is given, one row for each parameter. A name that is empty or taken is not put into the tool until it is free.
import { el, iconButton } from "../editor/dom.js";
import { chipsField, choiceField, named, switchField, textField } from "../editor/fields.js";
import { freeKey } from "../editor/keys.js";

const TYPES = [
  ["string", "Text"],
  ["number", "Number"],
  ["boolean", "Yes or no"],
];

export function parametersField(parameters, edit, isEditable) {
  const rows = el("ol", { class: "ed-rows" });
  let list = Object.entries(parameters);
  const put = (next, spot) => {
    list = next;
    const write = (tool) => {
      if (list.length) tool.parameters = Object.fromEntries(list);
      else delete tool.parameters;
    };
    edit(spot ?? "parameters", write, !spot);
    if (!spot) draw();
  };
  const draw = () => rows.replaceChildren(...list.map((_, at) => row(at)));
  const row = (at) => parameterRow({ names: () => list.map(([name]) => name), at, read: () => list[at], put: (entry, spot) => put(list.with(at, entry), spot), remove: () => put(list.toSpliced(at, 1)), isEditable });
  const add = () => {
    const name = freeKey("value", list.map(([each]) => each));
    put([...list, [name, { type: "string", description: "", required: true }]]);
    rows.lastElementChild.querySelector("input").select();
  };
  draw();
  const button = isEditable && el("button", { type: "button", class: "ed-link", onclick: add }, "Add a parameter");
  const empty = el("p", { class: "ed-hint" }, "What the assistant finds out before it calls, such as a city or a time.");
  return el("div", { class: "ed-field ed-wide", "data-place": "parameters" }, named("Parameters", "parameters"), empty, rows, button);
}

function parameterRow({ names, at, read, put, remove, isEditable }) {
  const [name, parameter] = read();
  const place = (part) => `parameters.${name}.${part}`;
  const change = (part, value) => {
    const [now, fields] = read();
    const { [part]: _, ...others } = fields;
    put([now, value === undefined ? others : { ...fields, [part]: value }], `parameters.${now}.${part}`);
  };
  const told = el("p", { class: "ed-problem", hidden: true });
  const rename = (text) => {
    const isTaken = names().some((other, each) => each !== at && other === text);
    told.hidden = text !== "" && !isTaken;
    told.textContent = text === "" ? "It needs a name." : "Another parameter has this name.";
    if (told.hidden) put([text, read()[1]], `parameters.${read()[0]}`);
  };
  const label = textField("Name", name, rename, { isCode: true });
  label.append(told);
  const allowed = (texts) => change("enum", texts.length ? texts.map((text) => asType(read()[1].type, text)) : undefined);
  const chips = chipsField("Only these values", parameter.enum ?? [], allowed, { place: place("enum"), code: "enum", placeholder: "any value, or type one and press Enter", isEditable });
  const choose = (type) => {
    change("type", type);
    chips.hidden = type === "boolean";
  };
  chips.hidden = parameter.type === "boolean";
  return el(
    "li",
    { class: "ed-form ed-inset", "data-place": `parameters.${name}` },
    label,
    choiceField("Type", parameter.type, TYPES, choose, { place: place("type"), code: "type" }),
    textField("What it is", parameter.description, (text) => change("description", text), { place: place("description"), code: "description", isWide: true }),
    chips,
    switchField("Required", parameter.required, (isOn) => change("required", isOn || undefined), { place: place("required") }),
    isEditable && iconButton("delete", `Delete parameter ${name}`, remove, { class: "ed-icon ed-corner" }),
  );
}

function asType(type, text) {
  return type === "number" && text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
