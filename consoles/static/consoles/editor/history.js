// What was, so that it can be again. States are never changed in place; typing on in one spot is one step.
export class History {
  #past = [];
  #future = [];
  #spot = null;

  constructor(state) {
    this.state = state;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  put(state, spot = null) {
    if (spot === null || spot !== this.#spot) this.#past.push(this.state);
    this.#spot = spot;
    this.#future = [];
    this.state = state;
  }

  undo() {
    this.#step(this.#past, this.#future);
  }

  redo() {
    this.#step(this.#future, this.#past);
  }

  #step(from, to) {
    if (!from.length) return;
    to.push(this.state);
    this.state = from.pop();
    this.#spot = null;
  }
}
