// On which glasses the app runs, and what others lack.
import { el } from "../editor/dom.js";

// `models` are {name, lacks: [hardware type]}; `uses` says which part of glasses a permission is of no use without.
export function drawModels(root, { models, hardware, uses }, declarations) {
  const nameOf = (type) => hardware.find((kind) => kind.type === type).name.toLowerCase();
  const list = el("ul", { class: "ed-models" });
  const note = el("p", { class: "ed-notes" });
  const wanted = (level) => declarations.types("hardware").filter((type) => declarations.get("hardware", type).level === level);
  const row = ({ name, lacks }) => {
    const missing = wanted("REQUIRED").filter((type) => lacks.includes(type));
    const missed = wanted("OPTIONAL").filter((type) => lacks.includes(type));
    const words = missing.length ? `lacks: ${missing.map(nameOf).join(", ")}` : missed.length ? `without: ${missed.map(nameOf).join(", ")}` : "";
    const state = missing.length ? "no" : "yes";
    const sign = el("span", { class: "material-symbols-outlined", role: "img", "aria-label": missing.length ? "does not run" : "runs" }, missing.length ? "block" : "check_circle");
    return el("li", { "data-runs": state }, sign, el("b", {}, name), words && el("span", { class: "ed-hint" }, words));
  };
  const show = () => {
    list.replaceChildren(...models.map(row));
    const unmet = declarations.types("permissions").filter((type) => uses[type] && declarations.get("hardware", uses[type])?.level !== "REQUIRED");
    const parts = [...new Set(unmet.map((type) => nameOf(uses[type])))];
    note.textContent = parts.length ? `The app asks for the ${parts.join(" and the ")}, and is offered on glasses without: say "Required" if it is of no use there.` : "";
  };
  root.append(list, note);
  declarations.addEventListener("change", show);
  show();
}
