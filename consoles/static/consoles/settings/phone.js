// The settings as the phone shows them. One may try them out; what one tries is forgotten when a default changes.
import { el, icon } from "../editor/dom.js";
import { phoneFrame } from "../editor/phone_frame.js";
import { drawRow } from "./phone_rows.js";

export class Phone {
  #body;
  #screen;
  #list;
  #rows = new Map();
  #tried = new Map();
  #lit = null;

  constructor(root, appName, list) {
    this.#list = list;
    const title = el("div", { class: "phone-title" }, icon("arrow_back_ios_new"), el("b", {}, appName));
    const { phone, screen, body } = phoneFrame(`Settings of ${appName}`, title);
    this.#body = body;
    this.#screen = screen;
    root.append(phone);
    list.addEventListener("change", (event) => this.#drawRow(event.detail.id) || this.draw());
    this.draw();
  }

  draw() {
    this.#rows.clear();
    const sections = [];
    for (const { id, entry } of this.#list.items) {
      if (entry?.type === "group") sections.push({ id, title: entry.title, rows: [] });
      else {
        if (!sections.length) sections.push({ rows: [] });
        this.#rows.set(id, drawRow(entry, this.#valueOf(id, entry), this.#screen));
        sections.at(-1).rows.push(this.#rows.get(id));
      }
    }
    const scrolled = this.#body.scrollTop;
    const empty = el("p", { class: "phone-empty" }, "This app has no settings.");
    this.#body.replaceChildren(...(sections.length ? sections.map((section) => this.#section(section)) : [empty]));
    this.#body.scrollTop = scrolled;
    if (this.#lit !== null) this.light(this.#lit);
  }

  // Shows which row an entry is.
  light(id) {
    this.#rows.get(this.#lit)?.classList.remove("phone-lit");
    this.#lit = id;
    const row = this.#rows.get(id);
    if (!row) return;
    row.classList.add("phone-lit");
    const { offsetTop: top, offsetHeight: height } = row;
    const { scrollTop: from, clientHeight: room } = this.#body;
    if (top < from) this.#body.scrollTop = top - 12;
    else if (top + height > from + room) this.#body.scrollTop = top + height - room + 12;
  }

  // Says whether the row of an entry could be drawn anew on its own; headings come with what follows them.
  #drawRow(id) {
    const old = this.#rows.get(id);
    const entry = this.#list.find(id);
    if (!old?.matches(".phone-row") || entry?.type === "group") return false;
    const row = drawRow(entry, this.#valueOf(id, entry), this.#screen);
    old.replaceWith(row);
    this.#rows.set(id, row);
    this.light(this.#lit);
    return true;
  }

  #section({ id, title, rows }) {
    const heading = title === undefined ? null : el("h3", { class: "phone-heading" }, String(title || "Heading"));
    if (heading) this.#rows.set(id, heading);
    return el("section", {}, heading, rows.length ? el("div", { class: "phone-card" }, ...rows) : null);
  }

  // A value to read and to try: {value, put}.
  #valueOf(id, entry) {
    const first = JSON.stringify(entry?.defaultValue);
    let tried = this.#tried.get(id);
    if (!tried || tried.first !== first) {
      tried = { first, value: entry?.defaultValue };
      this.#tried.set(id, tried);
    }
    return { value: tried.value, put: (value) => (tried.value = value) };
  }
}
