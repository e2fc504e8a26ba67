// What the page says of the connection: its state, how long a lost session is kept, whether it was recovered.
import { $, facts } from "./page.js";

const WORDS = { connected: "connected", connecting: "connecting", waiting: "waiting", "not connected": "not connected" };
const REPLACED = "Another phone or tab of yours connected, and the newest wins. Connect takes the glasses back.";

export class ConnectionState {
  #session = null;
  #lostAt = null;
  #ticking = null;

  // `state` is that of Phone, `detail` may name seconds or a reason.
  show(state, detail, { isReplaced = false } = {}) {
    $("link-state").textContent = detail ? `${WORDS[state]}: ${detail}` : WORDS[state];
    $("link-light").dataset.state = state;
    $("connect").disabled = state !== "not connected";
    for (const id of ["plug", "hang-up"]) $(id).disabled = state !== "connected";
    if (isReplaced) this.#say(REPLACED);
    else if (state === "waiting" || state === "not connected") this.#lose();
  }

  // The cloud's first words: is this the session from before?
  welcome({ userSession }) {
    clearInterval(this.#ticking);
    const isSame = this.#session !== null && this.#session === userSession.startTime;
    const away = this.#lostAt === null ? 0 : Math.round((Date.now() - this.#lostAt) / 1000);
    if (isSame) this.#say(`Recovered after ${away} s: the same session, with ${count(userSession.activeAppSessions.length)}.`);
    else if (this.#session !== null) this.#say("The session from before was over; this is a new one.");
    else this.#say("");
    this.#session = userSession.startTime;
    this.#lostAt = null;
  }

  #lose() {
    if (this.#session === null || this.#lostAt !== null) return;
    this.#lostAt = Date.now();
    clearInterval(this.#ticking);
    this.#ticking = setInterval(() => this.#countDown(), 1000);
    this.#countDown();
  }

  #countDown() {
    const left = Math.ceil(facts.graceSeconds - (Date.now() - this.#lostAt) / 1000);
    if (left <= 0) clearInterval(this.#ticking);
    this.#say(left > 0 ? `The cloud keeps your session for another ${left} s. Its apps wait for you.` : "The time is over: the cloud ends the session and its apps.", left / facts.graceSeconds);
  }

  #say(text, share = 0) {
    if (!text || share <= 0) clearInterval(this.#ticking);
    $("grace").hidden = !text;
    $("grace-text").textContent = text;
    $("grace-left").hidden = share <= 0;
    $("grace-left").value = Math.max(0, share);
  }
}

const count = (number) => (number === 1 ? "1 running app" : `${number} running apps`);
