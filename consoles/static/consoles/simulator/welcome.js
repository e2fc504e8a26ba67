// The last step of the tour: put the glasses on, start the new app, be glad when its first words appear.
import { $ } from "./page.js";

export class Welcome {
  #packageName;
  #deeds;
  #isStarted = false;

  // `packageName` is empty outside the tour; deeds are connect() and the list of apps.
  constructor(packageName, deeds) {
    this.#packageName = packageName;
    this.#deeds = deeds;
  }

  // Only for who comes from a page of this site: a link elsewhere must not take the connection of one's phone.
  begin() {
    if (this.#packageName && document.referrer.startsWith(`${location.origin}/`)) this.#deeds.connect();
  }

  hear(message) {
    if (!this.#packageName) return;
    if (message.type === "connection_ack") this.#start(message.userSession.activeAppSessions);
    if (message.type === "display_event" && message.packageName === this.#packageName) this.#celebrate();
  }

  async #start(running) {
    if (this.#isStarted) return;
    this.#isStarted = true;
    if (!running.includes(this.#packageName)) await this.#deeds.apps.begin(this.#packageName);
  }

  #celebrate() {
    $("celebration").hidden = false;
    this.#packageName = "";
  }
}
