// What an app asks of people and of glasses: connects the rows, the consent on the phone, the list of glasses and the saving.
import { el } from "../editor/dom.js";
import { wireLook } from "../editor/phone_look.js";
import { Saving } from "../editor/saving.js";
import { drawConsent } from "./consent.js";
import { Declarations } from "./declarations.js";
import { drawHardware } from "./hardware.js";
import { drawModels } from "./models.js";
import { drawPermissions } from "./permissions.js";

const page = document.getElementById("editor");
const facts = JSON.parse(document.getElementById("facts").textContent);
const part = (name) => page.querySelector(`[data-part=${name}]`);
const declarations = new Declarations(facts.document);

drawPermissions(part("permissions"), facts.permissions, declarations, facts.editable);
drawHardware(part("hardware"), facts.hardware, declarations, facts.editable);
drawConsent(part("phone"), facts.app.name, facts.permissions, declarations);
drawModels(part("models"), facts, declarations);
wireLook(part("phone"), part("phone-look"));
new Saving(page, facts, declarations, { onProblems: showProblems });
declarations.addEventListener("change", () => showProblems([]));

// The places of problems count the entries of the document that was sent.
function showProblems(problems, sent) {
  for (const old of page.querySelectorAll(".ed-problem")) old.remove();
  for (const { place: [list, index], detail } of problems) {
    const type = sent[list]?.[index]?.type;
    page.querySelector(`[data-place="${CSS.escape(`${list}.${type}`)}"]`)?.append(el("p", { class: "ed-problem" }, detail));
  }
}
