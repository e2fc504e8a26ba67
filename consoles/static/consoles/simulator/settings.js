// The settings of an app as its user's phone shows them: read and stored by REST, as a phone does it.
import { el, icon } from "../editor/dom.js";
import { phoneFrame } from "../editor/phone_frame.js";
import { drawRow } from "../settings/phone_rows.js";
import { readTime } from "../settings/values.js";
import { read } from "./page.js";

const PAUSE_MS = 400;
const PATH = "/api/appsettings/";

export class AppSettings {
  #dialog;
  #place;
  #word;
  #fetchToken;
  #token = null;
  #waiting = new Map();

  // `dialog` has a place and a line for words; `fetchToken()` resolves to a core token.
  constructor(dialog, fetchToken) {
    this.#dialog = dialog;
    this.#place = dialog.querySelector("[data-part=phone]");
    this.#word = dialog.querySelector("[role=status]");
    this.#fetchToken = fetchToken;
    dialog.querySelector("[data-part=close]").addEventListener("click", () => dialog.close());
  }

  async open(packageName, appName) {
    const title = el("div", { class: "phone-title" }, icon("tune"), el("b", {}, appName));
    const { phone, screen, body } = phoneFrame(`Settings of ${appName}`, title);
    this.#place.replaceChildren(phone);
    this.#say("");
    this.#dialog.showModal();
    try {
      const { settings } = await this.#ask(packageName);
      this.#draw(body, screen, settings, packageName);
    } catch ({ message }) {
      this.#say(message);
    }
  }

  #draw(body, screen, settings, packageName) {
    const sections = [[]];
    for (const entry of settings) {
      if (entry.type === "group") sections.push([el("h3", { class: "phone-heading" }, entry.title)]);
      else sections.at(-1).push(drawRow(entry, { value: entry.selected, put: (value) => this.#choose(packageName, entry, value) }, screen));
    }
    const filled = sections.filter((rows) => rows.length);
    const heading = (rows) => (rows[0].matches("h3") ? rows.shift() : null);
    const drawn = filled.map((rows) => el("section", {}, heading(rows), rows.length ? el("div", { class: "phone-card" }, ...rows) : null));
    body.replaceChildren(...(drawn.length ? drawn : [el("p", { class: "phone-empty" }, "This app has no settings.")]));
  }

  // What is dragged or typed is stored when it comes to rest.
  #choose(packageName, { key, type }, shown) {
    if (!key) return;
    const value = type === "time_picker" ? readTime(shown) : shown;
    const name = `${packageName} ${key}`;
    clearTimeout(this.#waiting.get(name));
    this.#waiting.set(name, setTimeout(() => this.#store(packageName, key, value), PAUSE_MS));
  }

  async #store(packageName, key, value) {
    try {
      await this.#ask(packageName, { key, value: value === undefined || Number.isNaN(value) ? null : value });
      this.#say(`Stored ${key}. If the app runs, it was told.`);
    } catch ({ message }) {
      this.#say(message);
    }
  }

  async #ask(packageName, change) {
    this.#token ??= await this.#fetchToken();
    const headers = { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" };
    const how = change ? { method: "POST", headers, body: JSON.stringify(change) } : { headers };
    return read(await fetch(PATH + encodeURIComponent(packageName), how));
  }

  #say(words) {
    this.#word.textContent = words;
  }
}
