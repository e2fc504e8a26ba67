// The editor of an app's settings: connects the list, its cards, the phone, the JSON view and the saving.
import { Cards } from "../editor/cards.js";
import { EntryList } from "../editor/entry_list.js";
import { JsonView } from "../editor/json_view.js";
import { freeKey } from "../editor/keys.js";
import { wireLook } from "../editor/phone_look.js";
import { Problems } from "../editor/problems.js";
import { Saving } from "../editor/saving.js";
import { Views } from "../editor/views.js";
import { typeTiles } from "./add.js";
import { settingForm } from "./form.js";
import { Phone } from "./phone.js";
import { newEntry, TYPES } from "./types.js";
import { showValue } from "./values.js";

const page = document.getElementById("editor");
const facts = JSON.parse(document.getElementById("facts").textContent);
const part = (name) => page.querySelector(`[data-part=${name}]`);

const list = new EntryList(facts.document);
const problems = new Problems();
const phone = new Phone(part("phone"), facts.app.name, list);
let savedKeys = keysNow();

wireLook(part("phone"), part("phone-look"));

const cards = new Cards(part("cards"), list, problems, {
  isEditable: facts.editable,
  describe,
  form: (entry, edit, redraw, id) => settingForm(entry, edit, redraw, { others: () => takenKeys(id), savedKey: savedKeys.get(id) }),
  copy: (entry) => ("key" in entry ? { ...entry, key: freeKey(entry.key, takenKeys()) } : entry),
  onFocus: (id) => phone.light(id),
});

const json = new JsonView(part("json"), list, { checkUrl: page.dataset.checkUrl, isEditable: facts.editable });
new Views(page, json);
new Saving(page, facts, list, {
  pending: json,
  onSaved: () => (savedKeys = keysNow()),
  onProblems(found) {
    problems.take(found, list.items.map((item) => item.id));
    cards.showProblems();
  },
});

function describe(entry) {
  const type = TYPES[entry.type];
  return {
    symbol: type?.symbol ?? "help",
    title: showValue(entry.label ?? entry.title) || `New ${type?.name.toLowerCase() ?? "setting"}`,
    detail: entry.key,
    type: type?.name ?? showValue(entry.type),
  };
}

function takenKeys(exceptId = null) {
  return list.items.filter((item) => item.id !== exceptId).map((item) => item.entry.key);
}

function keysNow() {
  return new Map(list.items.map((item) => [item.id, item.entry.key]));
}

function wireAdding() {
  const dialog = part("types");
  const add = (type) => {
    dialog.close();
    cards.open(list.add(newEntry(type)));
  };
  part("tiles").append(...typeTiles(add));
  part("first-tiles").append(...typeTiles(add));
  part("add").addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

function showEmptiness() {
  part("empty").hidden = list.items.length > 0;
  if (facts.editable) part("add").hidden = list.items.length === 0;
}

if (facts.editable) wireAdding();
list.addEventListener("change", showEmptiness);
showEmptiness();
