// The apps one has or may install, with what each does now and the button for the opposite.
import { $ } from "./page.js";

const TYPING_MS = 250;

export class AppList {
  #list;
  #apps;
  #deeds;
  #running = new Set();
  #loading = new Set();
  #typing = null;

  // `apps` are {packageName, name, isInstalled, hasPage}; deeds are start, stop and install, each given a package name,
  // set(app) and open(app), which open its settings and its page, find(words), which resolves to other apps, and problem(words).
  constructor(list, apps, deeds) {
    this.#list = list;
    this.#apps = apps;
    this.#deeds = deeds;
    $("app-search").addEventListener("input", ({ target }) => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#find(target.value), TYPING_MS);
    });
    this.#draw();
  }

  // `session` is the userSession of the cloud's messages; null when there is no connection.
  update(session) {
    if (session === undefined) return;
    this.#running = new Set(session?.activeAppSessions);
    this.#loading = new Set(session?.loadingApps);
    this.#draw();
  }

  // Install an app if need be, and start it.
  async begin(packageName) {
    const app = this.#apps.find((known) => known.packageName === packageName);
    if (!app?.isInstalled) await this.#install(app ?? { packageName });
    this.#deeds.start(packageName);
  }

  #draw() {
    this.#list.replaceChildren(...this.#apps.map((app) => this.#row(app)));
    if (!this.#apps.length) this.#list.textContent = "There is no such app that you could install.";
  }

  #row(app) {
    const row = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = app.name;
    const state = document.createElement("span");
    const [word, label, deed] = this.#now(app);
    state.textContent = `${app.packageName} · ${word}`;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.setAttribute("aria-label", `${label} ${app.name}`);
    button.addEventListener("click", deed);
    row.append(name, state, ...this.#more(app), button);
    return row;
  }

  #more(app) {
    if (!app.isInstalled) return [];
    const settings = this.#button("Settings", app, () => this.#deeds.set(app));
    return app.hasPage ? [this.#button("Page", app, () => this.#deeds.open(app)), settings] : [settings];
  }

  #button(label, app, deed) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.setAttribute("aria-label", `${label} of ${app.name}`);
    button.addEventListener("click", deed);
    return button;
  }

  #now(app) {
    const { packageName } = app;
    if (!app.isInstalled) return ["not installed", "Install", () => this.#install(app)];
    if (this.#running.has(packageName)) return ["running", "Stop", () => this.#deeds.stop(packageName)];
    if (this.#loading.has(packageName)) return ["starting", "Stop", () => this.#deeds.stop(packageName)];
    return ["stopped", "Start", () => this.#deeds.start(packageName)];
  }

  async #install(app) {
    try {
      await this.#deeds.install(app.packageName);
      app.isInstalled = true;
    } catch ({ message }) {
      this.#deeds.problem(`${app.packageName} is not installed: ${message}`);
    }
    this.#draw();
  }

  async #find(words) {
    try {
      this.#apps = await this.#deeds.find(words);
      this.#draw();
    } catch ({ message }) {
      this.#deeds.problem(message);
    }
  }
}
