// One row for each permission: what it is in plain words, a switch, and the reason people read before they agree.
import { el, icon } from "../editor/dom.js";
import { named } from "../editor/fields.js";

const PART = "permissions";
const MOST_CHARACTERS = 500;
const NO_REASON = "Say why: people decide by this sentence.";

// `kinds` are {type, name, symbol, about, streams, example, advice, isRare}. Rare ones are shown when the app asks for them, or on demand.
export function drawPermissions(root, kinds, declarations, isEditable) {
  const rows = kinds.map((kind) => permissionRow(kind, declarations, isEditable));
  const rare = kinds.filter((kind) => kind.isRare);
  let isAll = false;
  const more = el("button", { type: "button", class: "ed-link", onclick: () => { isAll = true; show(); } }, "Show old and rarely used ones");
  const list = el("ul", { class: "ed-cards" }, ...rows.map(({ row }) => row));
  const show = () => {
    for (const [at, { row, refresh }] of rows.entries()) {
      row.hidden = kinds[at].isRare && !isAll && !declarations.get(PART, kinds[at].type);
      refresh();
    }
    more.hidden = !isEditable || isAll || rare.every(({ type }) => declarations.get(PART, type));
  };
  root.append(list, more);
  declarations.addEventListener("change", show);
  show();
}

function permissionRow({ type, name, symbol, about, streams, example, advice }, declarations, isEditable) {
  let lastReason = "";
  const put = (reason, spot) => declarations.set(PART, type, { description: reason }, spot);
  const onchange = () => (box.checked ? put(lastReason) : declarations.set(PART, type, undefined));
  const box = el("input", { type: "checkbox", role: "switch", "aria-label": `Ask for: ${name}`, disabled: !isEditable, onchange });
  const text = el("textarea", { rows: 2, maxlength: MOST_CHARACTERS, disabled: !isEditable, placeholder: example && `For example: ${example}`, oninput: () => put(text.value, "description") });
  const note = el("p", { class: "ed-notes" }, NO_REASON);
  const unlocked = streams.length ? el("p", { class: "ed-streams" }, "Unlocks ", ...streams.map((stream) => el("code", {}, stream))) : el("p", { class: "ed-hint" }, "Unlocks no stream.");
  const reason = el("div", { class: "ed-field ed-wide", "data-place": `${PART}.${type}` }, el("label", {}, named("Your reason", "description"), text), note);
  const form = el("div", { class: "ed-form" }, advice && el("p", { class: "ed-notes" }, advice), reason, unlocked);
  const words = el("span", { class: "ed-card-words" }, el("b", {}, name), el("code", {}, type), el("span", { class: "ed-about" }, about));
  const row = el("li", { class: "ed-card" }, el("label", { class: "ed-card-head ed-ask" }, icon(symbol), words, box), form);
  const refresh = () => {
    const fields = declarations.get(PART, type);
    box.checked = Boolean(fields);
    form.hidden = !fields;
    if (!fields) return;
    lastReason = fields.description ?? "";
    if (text.value !== lastReason) text.value = lastReason;
    note.hidden = !isEditable || lastReason.trim() !== "";
  };
  return { row, refresh };
}
