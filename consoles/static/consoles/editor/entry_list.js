// The document of an editor: a list of entries. Each has an id for as long as the page is open, so that a card stays the
// same card when its entry moves. Says "change" after each change; detail.id names the entry whose own form caused it.
import { History } from "./history.js";

export class EntryList extends EventTarget {
  #nextId = 1;
  #history;
  #saved;

  constructor(entries) {
    super();
    this.#history = new History(entries.map((entry) => this.#give(entry)));
    this.markSaved(entries);
  }

  get items() {
    return this.#history.state;
  }

  get document() {
    return this.items.map((item) => item.entry);
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  get isChanged() {
    return JSON.stringify(this.document) !== this.#saved;
  }

  markSaved(entries) {
    this.#saved = JSON.stringify(entries);
  }

  find(id) {
    return this.items.find((item) => item.id === id)?.entry;
  }

  // `change` gets a copy of the entry to write into, or returns another. `spot` names the field: typing on in it is undone
  // at once, unless each change is a step of its own.
  edit(id, spot, change, isStep = false) {
    const put = (item) => {
      if (item.id !== id) return item;
      const entry = structuredClone(item.entry);
      return { id, entry: change(entry) ?? entry };
    };
    this.#put(this.items.map(put), isStep ? null : `${id} ${spot}`, id);
  }

  add(entry, at = this.items.length) {
    const item = this.#give(entry);
    this.#put(this.items.toSpliced(at, 0, item));
    return item.id;
  }

  remove(id) {
    this.#put(this.items.filter((item) => item.id !== id));
  }

  move(id, to) {
    const from = this.items.findIndex((item) => item.id === id);
    if (from === to || to < 0 || to >= this.items.length) return;
    this.#put(this.items.toSpliced(from, 1).toSpliced(to, 0, this.items[from]));
  }

  replace(entries) {
    this.#put(entries.map((entry, at) => ({ id: this.items[at]?.id ?? this.#nextId++, entry })));
  }

  undo() {
    this.#history.undo();
    this.#tell(null);
  }

  redo() {
    this.#history.redo();
    this.#tell(null);
  }

  #give(entry) {
    return { id: this.#nextId++, entry };
  }

  #put(items, spot = null, id = null) {
    this.#history.put(items, spot);
    this.#tell(id);
  }

  #tell(id) {
    this.dispatchEvent(new CustomEvent("change", { detail: { id } }));
  }
}
