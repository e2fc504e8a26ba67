// The apps one has or may install, with what each does now and the button for the opposite.
export class AppList {
  #list;
  #apps;
  #deeds;
  #running = new Set();
  #loading = new Set();

  // `apps` are {packageName, name, isInstalled}; deeds are start, stop and install, each given a package name.
  constructor(list, apps, deeds) {
    this.#list = list;
    this.#apps = apps;
    this.#deeds = deeds;
    this.#draw();
  }

  // `session` is the userSession of the cloud's messages; null when there is no connection.
  update(session) {
    if (session === undefined) return;
    this.#running = new Set(session?.activeAppSessions);
    this.#loading = new Set(session?.loadingApps);
    this.#draw();
  }

  #draw() {
    this.#list.replaceChildren(...this.#apps.map((app) => this.#row(app)));
    if (!this.#apps.length) this.#list.textContent = "There is no app yet that you could install.";
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
    row.append(name, state, button);
    return row;
  }

  #now(app) {
    const { packageName } = app;
    if (!app.isInstalled) return ["not installed", "Install", () => this.#install(app)];
    if (this.#running.has(packageName)) return ["running", "Stop", () => this.#deeds.stop(packageName)];
    if (this.#loading.has(packageName)) return ["starting", "Stop", () => this.#deeds.stop(packageName)];
    return ["stopped", "Start", () => this.#deeds.start(packageName)];
  }

  async #install(app) {
    await this.#deeds.install(app.packageName);
    app.isInstalled = true;
    this.#draw();
  }
}
