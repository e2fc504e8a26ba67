// The entries of a document as cards, one below the other: each opens to a form, moves, is copied and taken away.
import { el, icon, iconButton } from "./dom.js";
import { makeSortable } from "./sorting.js";

export class Cards {
  #root;
  #list;
  #problems;
  #kind;
  #cards = new Map();
  #open = new Set();

  // `kind` knows the entries: describe(entry) → {symbol, title, detail, type, hint}, form(entry, edit, redraw) → elements,
  // copy(entry) → entry, isEditable, onFocus(id). A form calls edit(spot, change, isStep) as EntryList.edit, and redraw(spot).
  constructor(root, list, problems, kind) {
    this.#root = root;
    this.#list = list;
    this.#problems = problems;
    this.#kind = kind;
    if (kind.isEditable) makeSortable(root, ".ed-handle", (row, to) => list.move(Number(row.dataset.id), to));
    list.addEventListener("change", (event) => this.#onChange(event.detail.id));
    this.draw();
  }

  draw() {
    const ids = new Set(this.#list.items.map((item) => item.id));
    for (const id of this.#cards.keys()) if (!ids.has(id)) this.#cards.delete(id);
    const cards = this.#list.items.map((item) => this.#cardOf(item));
    const held = document.activeElement;
    cards.forEach((card, at) => {
      if (this.#root.children[at] !== card.row) this.#root.insertBefore(card.row, this.#root.children[at] ?? null);
    });
    while (this.#root.children.length > cards.length) this.#root.lastElementChild.remove();
    if (this.#root.contains(held)) held.focus();
    for (const { id } of this.#list.items) this.#head(id);
  }

  // Opens a card and puts the cursor into its form, at its first problem if it has one.
  open(id) {
    this.#setOpen(id, true);
    const { form, row } = this.#cards.get(id);
    const wrong = form.querySelector("[aria-invalid]");
    (wrong ?? form.querySelector("input, select, textarea"))?.focus({ preventScroll: true });
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    if (wrong) wrong.scrollIntoView({ block: "center", behavior });
    else row.scrollIntoView({ block: "nearest", behavior });
  }

  edit(id, spot, change, isStep) {
    this.#problems.forget(id, spot);
    this.#list.edit(id, spot, change, isStep);
    this.#problems.show(this.#cards.get(id).form, id);
  }

  // Builds a form anew, with the cursor back in the field of `spot`.
  redraw(id, spot) {
    const { form } = this.#cards.get(id);
    form.replaceChildren(...this.#formOf(id));
    this.#problems.show(form, id);
    form.querySelector(`[data-place="${CSS.escape(spot)}"]`)?.querySelector("input, select, textarea")?.focus();
  }

  showProblems() {
    for (const { id } of this.#list.items) {
      if (this.#problems.of(id).length) this.#setOpen(id, true);
      this.#head(id);
      this.#problems.show(this.#cards.get(id).form, id);
    }
    if (this.#problems.firstId !== null) this.open(this.#problems.firstId);
  }

  #formOf(id) {
    const edit = (spot, change, isStep) => this.edit(id, spot, change, isStep);
    return this.#kind.form(this.#list.find(id), edit, (spot) => this.redraw(id, spot), id);
  }

  #onChange(id) {
    if (id !== null) return this.#head(id);
    for (const [each, card] of this.#cards) if (this.#list.find(each) !== card.entry) this.#cards.delete(each);
    this.draw();
  }

  #cardOf(item) {
    let card = this.#cards.get(item.id);
    if (!card) {
      card = this.#build(item);
      this.#cards.set(item.id, card);
      this.#setOpen(item.id, this.#open.has(item.id));
    }
    return card;
  }

  #build({ id }) {
    const form = el("fieldset", { class: "ed-form", id: `form-${id}`, hidden: true, disabled: !this.#kind.isEditable });
    const title = el("button", { type: "button", class: "ed-card-title", "aria-controls": form.id, onclick: () => this.#setOpen(id, !this.#open.has(id)) });
    const head = el("div", { class: "ed-card-head" });
    const row = el("li", { class: "ed-card", "data-id": id, onfocusin: () => this.#kind.onFocus?.(id) }, head, form);
    const card = { row, head, title, form, entry: null };
    if (this.#kind.isEditable) head.append(iconButton("drag_indicator", "", () => {}, { class: "ed-icon ed-handle" }), title, this.#tools(id));
    else head.append(title);
    return card;
  }

  #tools(id) {
    const at = () => this.#list.items.findIndex((item) => item.id === id);
    const act = (symbol, deed) => iconButton(symbol, "", deed, { "data-deed": symbol });
    return el(
      "div",
      { class: "ed-card-tools" },
      act("arrow_upward", () => this.#move(id, at() - 1, "arrow_upward")),
      act("arrow_downward", () => this.#move(id, at() + 1, "arrow_downward")),
      act("content_copy", () => this.open(this.#list.add(this.#kind.copy(structuredClone(this.#list.find(id))), at() + 1))),
      act("delete", () => this.#remove(id, at())),
    );
  }

  #move(id, to, symbol) {
    this.#list.move(id, to);
    const tools = this.#cards.get(id).row;
    const button = tools.querySelector(`[data-deed=${symbol}]`);
    (button.disabled ? tools.querySelector(".ed-handle") : button).focus();
  }

  #remove(id, at) {
    this.#list.remove(id);
    const next = this.#list.items[Math.min(at, this.#list.items.length - 1)];
    if (next) this.#cards.get(next.id).title.focus();
    this.#kind.onRemoved?.();
  }

  #setOpen(id, isOpen) {
    const { form, title, row } = this.#cards.get(id);
    if (isOpen) this.#open.add(id);
    else this.#open.delete(id);
    if (isOpen && !form.children.length) form.append(...this.#formOf(id));
    form.hidden = !isOpen;
    row.classList.toggle("ed-open", isOpen);
    title.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#problems.show(form, id);
  }

  #head(id) {
    const card = this.#cards.get(id);
    card.entry = this.#list.find(id);
    const { symbol, title, detail, type, hint } = this.#kind.describe(card.entry);
    const wrong = this.#problems.of(id).length;
    card.title.replaceChildren(
      icon(symbol),
      el("span", { class: "ed-card-words" }, el("b", {}, title), detail && el("code", {}, detail), hint && el("span", { class: "ed-hint" }, hint)),
      wrong ? el("span", { class: "ed-badge" }, wrong === 1 ? "1 problem" : `${wrong} problems`) : el("span", { class: "ed-card-type" }, type),
      icon("expand_more"),
    );
    if (!this.#kind.isEditable) return;
    const at = this.#list.items.findIndex((item) => item.id === id);
    const name = (deed, label, isDisabled = false) => {
      const button = card.row.querySelector(deed);
      button.setAttribute("aria-label", label);
      button.title = label;
      button.disabled = isDisabled;
    };
    name(".ed-handle", `Move ${title}, ${at + 1} of ${this.#list.items.length}: drag it or press the arrow keys`);
    name("[data-deed=arrow_upward]", `Move ${title} up`, at === 0);
    name("[data-deed=arrow_downward]", `Move ${title} down`, at === this.#list.items.length - 1);
    name("[data-deed=content_copy]", `Duplicate ${title}`);
    name("[data-deed=delete]", `Delete ${title}`);
  }
}
