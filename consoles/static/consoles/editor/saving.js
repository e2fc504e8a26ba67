// Saves the document and says how it stands: changed, being saved, saved, refused, or overtaken by somebody else.
import { el, icon } from "./dom.js";
import { post } from "./cloud.js";

const NOTHING = { isChanged: false };

export class Saving {
  #page;
  #facts;
  #document;
  #onProblems;
  #onSaved;
  #pending;
  #button;
  #state;
  #notice;
  #isBusy = false;
  #hasSaved = false;

  // `document` has the getters document, isChanged, canUndo, canRedo and markSaved(document), replace(document), undo(), redo().
  // `pending` is what was written and is not in the document yet: isChanged, apply() → whether it is now.
  constructor(page, facts, document, { onProblems, onSaved = () => {}, pending = NOTHING }) {
    this.#page = page;
    this.#facts = facts;
    this.#document = document;
    this.#onProblems = onProblems;
    this.#onSaved = onSaved;
    this.#pending = pending;
    const find = (name) => page.querySelector(`[data-part=${name}]`);
    [this.#button, this.#state, this.#notice] = [find("save"), find("state"), find("notice")];
    if (!facts.editable) return;
    this.#button.addEventListener("click", () => this.save());
    this.#wireUndo(find("undo"), find("redo"));
    addEventListener("beforeunload", (event) => this.#isChanged && event.preventDefault());
    page.addEventListener("input", () => this.#show());
    addEventListener("keydown", (event) => this.#onKey(event));
    document.addEventListener("change", () => this.#show());
    this.#show();
  }

  get #isChanged() {
    return this.#document.isChanged || this.#pending.isChanged;
  }

  async save() {
    if (this.#isBusy || (this.#pending.isChanged && !(await this.#pending.apply()))) return;
    this.#isBusy = true;
    this.#say("Saving…");
    this.#notice.replaceChildren();
    try {
      await this.#send();
    } catch (problem) {
      this.#tell(problem.message);
    }
    this.#isBusy = false;
    this.#show();
  }

  async #send() {
    const sent = this.#document.document;
    await this.#take(await post(this.#page.dataset.url, { version: this.#facts.version, document: sent }), sent);
  }

  #take(answer, sent) {
    if (answer.conflict) return this.#meet(answer);
    if (answer.problems) {
      this.#onProblems(answer.problems, sent);
      return this.#tellProblems(answer.problems);
    }
    if (answer.message) return this.#tell(answer.message);
    this.#facts.version = answer.version;
    this.#facts.document = answer.document;
    this.#document.markSaved(sent);
    this.#hasSaved = true;
    this.#onProblems([], sent);
    this.#onSaved();
  }

  // The app was saved since this page was loaded. Where that was about something else, it does not matter here.
  #meet(answer) {
    if (JSON.stringify(answer.document) !== JSON.stringify(this.#facts.document)) return this.#tellConflict(answer);
    this.#facts.version = answer.version;
    return this.#send();
  }

  // What has a place is told there; the rest is told here.
  #tellProblems(problems) {
    const homeless = problems.filter(({ place }) => !place.length).map(({ message }) => el("li", {}, message));
    const summary = problems.length === 1 ? "there is one problem" : `there are ${problems.length} problems`;
    this.#tell(`Nothing was saved: ${summary}.`, homeless.length && el("ul", { class: "ed-changes" }, ...homeless));
  }

  #tell(text, ...more) {
    this.#notice.replaceChildren(el("div", { class: "ed-notice", role: "alert" }, icon("error"), el("div", {}, el("p", {}, text), ...more.filter(Boolean))));
  }

  // Both versions are still there, and one of them is chosen here.
  #tellConflict({ conflict, version, document }) {
    const choose = (label, deed) => el("button", { type: "button", class: "ed-button", onclick: () => decide(deed) }, label);
    const decide = (deed) => {
      Object.assign(this.#facts, { version, document });
      this.#notice.replaceChildren();
      deed();
    };
    const load = () => {
      this.#document.replace(document);
      this.#document.markSaved(document);
      this.#show();
    };
    const changes = el("ul", { class: "ed-changes" }, ...conflict.map((change) => el("li", {}, change)));
    const choices = el("div", { class: "ed-row" }, choose("Load the newer one", load), choose("Save mine over it", () => this.save()));
    const comfort = el("p", { class: "ed-hint" }, "What you wrote is still here. After loading the newer one, Undo brings it back.");
    this.#tell("Somebody else was quicker, so nothing was saved.", changes, choices, comfort);
  }

  #wireUndo(undo, redo) {
    undo.addEventListener("click", () => this.#document.undo());
    redo.addEventListener("click", () => this.#document.redo());
    const show = () => {
      undo.disabled = !this.#document.canUndo;
      redo.disabled = !this.#document.canRedo;
    };
    this.#document.addEventListener("change", show);
    show();
  }

  // Within a text field the browser's own undo is what people expect.
  #onKey(event) {
    if (!(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === "s") {
      event.preventDefault();
      this.save();
    } else if (key === "z" && !event.target.closest("input:not([type=checkbox]), textarea")) {
      event.preventDefault();
      if (event.shiftKey) this.#document.redo();
      else this.#document.undo();
    }
  }

  #show() {
    const rest = this.#hasSaved ? "Saved" : "";
    if (!this.#isBusy) this.#say(this.#isChanged ? "Unsaved changes" : rest);
  }

  #say(text) {
    this.#state.textContent = text;
    this.#button.disabled = this.#isBusy || !this.#isChanged;
  }
}
