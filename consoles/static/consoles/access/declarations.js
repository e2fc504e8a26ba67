// What an app asks of people and of glasses: the document of this page, with undo. Says "change" after each change.
import { History } from "../editor/history.js";

export class Declarations extends EventTarget {
  #history;
  #saved;

  // `document` is {permissions: [{type, description}], hardwareRequirements: [{type, level, description}]}.
  constructor(document) {
    super();
    this.#history = new History(read(document));
    this.markSaved(document);
  }

  get document() {
    const list = (part) => Object.entries(part).map(([type, fields]) => ({ type, ...fields }));
    const { permissions, hardware } = this.#history.state;
    return { permissions: list(permissions), hardwareRequirements: list(hardware) };
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  get isChanged() {
    return textOf(this.document) !== this.#saved;
  }

  markSaved(document) {
    this.#saved = textOf(document);
  }

  // The fields of a permission or a part of glasses; undefined when the app does not ask for it.
  get(part, type) {
    return this.#history.state[part][type];
  }

  // Without fields, the app no longer asks for it. `spot` names what is typed into.
  set(part, type, fields, spot = null) {
    const { [type]: _, ...others } = this.#history.state[part];
    const isThere = type in this.#history.state[part];
    const next = fields && (isThere ? { ...this.#history.state[part], [type]: fields } : { ...others, [type]: fields });
    this.#history.put({ ...this.#history.state, [part]: next ?? others }, spot && `${part} ${type} ${spot}`);
    this.#tell();
  }

  types(part) {
    return Object.keys(this.#history.state[part]);
  }

  replace(document) {
    this.#history.put(read(document));
    this.#tell();
  }

  undo() {
    this.#history.undo();
    this.#tell();
  }

  redo() {
    this.#history.redo();
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

function read({ permissions, hardwareRequirements }) {
  const byType = (list) => Object.fromEntries(list.map(({ type, ...fields }) => [type, fields]));
  return { permissions: byType(permissions), hardware: byType(hardwareRequirements) };
}

// The order in which somebody switched them on means nothing.
function textOf({ permissions, hardwareRequirements }) {
  const sorted = (list) => list.toSorted((one, other) => (one.type < other.type ? -1 : 1));
  return JSON.stringify([sorted(permissions), sorted(hardwareRequirements)]);
}
