// The whole document as text, to be read, changed and applied; a problem leads to its lines.
import { el } from "./dom.js";
import { post } from "./cloud.js";
import { findEntry } from "./json_text.js";

export class JsonView {
  #list;
  #checkUrl;
  #text;
  #told;
  #shown = "";

  constructor(root, list, { checkUrl, isEditable }) {
    this.#list = list;
    this.#checkUrl = checkUrl;
    this.#text = el("textarea", { class: "ed-json", rows: 24, spellcheck: "false", "aria-label": "The document as JSON", readonly: !isEditable });
    this.#told = el("div", { role: "status" });
    const apply = el("button", { type: "button", class: "ed-button", onclick: () => this.apply() }, "Apply");
    const hint = el("p", { class: "ed-hint" }, "Apply puts the text into the form. Nothing is stored before you save.");
    list.addEventListener("change", () => root.hidden || this.show());
    root.append(this.#text, ...(isEditable ? [this.#told, el("div", { class: "ed-row" }, apply, hint)] : []));
  }

  get isChanged() {
    return this.#text.value !== "" && this.#text.value !== this.#shown;
  }

  show() {
    this.#text.value = this.#shown = JSON.stringify(this.#list.document, null, 2);
    this.#told.replaceChildren();
  }

  // Resolves to whether the form now holds what the text says.
  async apply() {
    const entries = this.#read();
    if (!entries) return false;
    try {
      const { problems, message } = await post(this.#checkUrl, { document: entries });
      if (problems?.length || message) return this.#tell(problems ?? [{ place: [], message }]);
    } catch (problem) {
      return this.#tell([{ place: [], message: problem.message }]);
    }
    this.#list.replace(entries);
    this.show();
    return true;
  }

  #read() {
    try {
      const read = JSON.parse(this.#text.value);
      if (Array.isArray(read)) return read;
      this.#tell([{ place: [], message: "This must be a list: [ … ]." }]);
    } catch (problem) {
      this.#tell([{ place: [], message: `This is not JSON yet: ${problem.message}.` }]);
    }
    return null;
  }

  #tell(problems) {
    const line = ({ place: [index], message }) => {
      const range = index === undefined ? null : findEntry(this.#text.value, index);
      const go = () => {
        this.#text.focus();
        this.#text.setSelectionRange(...range);
      };
      return el("li", {}, message, range && el("button", { type: "button", class: "ed-link", onclick: go }, "Show me"));
    };
    this.#told.replaceChildren(el("ul", { class: "ed-notice ed-problems" }, ...problems.map(line)));
    return false;
  }
}
