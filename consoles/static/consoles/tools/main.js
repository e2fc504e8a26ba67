// The editor of an app's tools: connects the list, its cards, the example call, the JSON view and the saving.
import { Cards } from "../editor/cards.js";
import { EntryList } from "../editor/entry_list.js";
import { JsonView } from "../editor/json_view.js";
import { freeKey } from "../editor/keys.js";
import { Problems } from "../editor/problems.js";
import { Saving } from "../editor/saving.js";
import { Views } from "../editor/views.js";
import { exampleAnswer, exampleCall } from "./call.js";
import { toolForm } from "./form.js";

const EXAMPLE = {
  id: "add_todo",
  description: "Add something to the to-do list.",
  activationPhrases: ["remind me"],
  parameters: { text: { type: "string", description: "What to remember", required: true } },
};

const page = document.getElementById("editor");
const facts = JSON.parse(document.getElementById("facts").textContent);
const part = (name) => page.querySelector(`[data-part=${name}]`);

const list = new EntryList(facts.document);
const problems = new Problems();
let shown = null;

const cards = new Cards(part("cards"), list, problems, {
  isEditable: facts.editable,
  describe: ({ id, description, parameters = {} }) => ({ symbol: "build", title: id || "New tool", detail: "", type: countOf(parameters), hint: description }),
  form: (tool, edit) => toolForm(tool, edit, facts.editable),
  copy: (tool) => ({ ...tool, id: freeKey(tool.id, takenIds()) }),
  onFocus: show,
});
const json = new JsonView(part("json"), list, { checkUrl: page.dataset.checkUrl, isEditable: facts.editable });
new Views(page, json);
new Saving(page, facts, list, {
  pending: json,
  onProblems(found) {
    problems.take(found, list.items.map((item) => item.id));
    cards.showProblems();
  },
});

function countOf(parameters) {
  const count = Object.keys(parameters).length;
  return count === 1 ? "1 parameter" : `${count} parameters`;
}

function takenIds() {
  return list.items.map((item) => item.entry.id);
}

// Shows the tool with an id, or the first one when that is gone.
function show(id = shown) {
  shown = id;
  const tool = list.find(shown) ?? list.items[0]?.entry;
  part("example").hidden = !tool;
  if (!tool) return;
  const { http, curl } = exampleCall(tool, facts.app.publicUrl);
  const texts = { "tool-json": JSON.stringify(tool, null, 2), "tool-call": http, "tool-curl": curl, "tool-answer": exampleAnswer() };
  for (const [place, text] of Object.entries(texts)) document.getElementById(place).textContent = text;
}

function showEmptiness() {
  part("empty").hidden = list.items.length > 0;
  if (facts.editable) part("add").hidden = list.items.length === 0;
}

function wireAdding() {
  const add = (tool) => cards.open(list.add(tool));
  for (const name of ["add", "first"]) part(name).addEventListener("click", () => add({ id: "", description: "" }));
  part("add-example").addEventListener("click", () => add(structuredClone(EXAMPLE)));
}

if (facts.editable) wireAdding();
list.addEventListener("change", () => {
  showEmptiness();
  show();
});
showEmptiness();
show();
