// The phone's end of the glasses socket: connect, stay alive, lose and regain the connection.
// Pings every 5 s and breaks a connection whose pong stays away, as phones do (glasses-socket §3).
import { ping, pong } from "./messages.js";

const PING_MS = 5_000;
const RETRY_MS = 5_000;
const REPLACED = "Replaced by new connection";

export class Phone {
  #path;
  #fetchToken;
  #hooks;
  #socket = null;
  #pinging = null;
  #retry = null;
  #ponged = true;
  #stays = false;

  // `fetchToken()` resolves to a core token; hooks are onMessage(object),
  // onState(state, detail, {isReplaced}) and onFrame(way, text).
  constructor(path, fetchToken, hooks) {
    this.#path = path;
    this.#fetchToken = fetchToken;
    this.#hooks = hooks;
  }

  async connect() {
    clearTimeout(this.#retry);
    this.#stays = true;
    this.#hooks.onState("connecting", "");
    try {
      this.#open(await this.#fetchToken());
    } catch (problem) {
      this.#lost(problem.message);
    }
  }

  // Be gone at once, without waiting for the cloud's farewell, and come back after some seconds; 0 is never.
  pullPlug(seconds) {
    const socket = this.#socket;
    this.#forget();
    this.#stays = seconds > 0;
    socket?.close();
    this.#hooks.onState("not connected", seconds ? `back in ${seconds} s` : "the plug is pulled");
    if (seconds) this.#retry = setTimeout(() => this.connect(), seconds * 1000);
  }

  hangUp() {
    const socket = this.#socket;
    this.#forget();
    this.#stays = false;
    socket?.close(1000);
    this.#hooks.onState("not connected", "");
  }

  // Return whether the message was sent.
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    const text = JSON.stringify(message);
    this.#socket.send(text);
    if (message.type !== "ping") this.#hooks.onFrame("out", text);
    return true;
  }

  sendBytes(bytes) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(bytes);
    return true;
  }

  #open(token) {
    const url = new URL(this.#path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("token", token);
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onmessage = ({ data }) => { if (this.#socket === socket) this.#take(data); };
    socket.onclose = ({ code, reason }) => { if (this.#socket === socket) this.#lost(reason || `closed ${code}`, reason); };
  }

  #take(text) {
    if (typeof text !== "string") return;
    const message = JSON.parse(text);
    this.#ponged = true;
    if (message.type === "pong") return;
    this.#hooks.onFrame("in", text);
    if (message.type === "ping") this.send(pong());
    else if (message.type === "connection_ack") this.#welcome();
    else if (message.type === "connection_error" || message.type === "auth_error") this.#stays = false;
    this.#hooks.onMessage(message);
  }

  #welcome() {
    clearInterval(this.#pinging);
    this.#ponged = true;
    this.#pinging = setInterval(() => this.#ping(), PING_MS);
    this.#hooks.onState("connected", "");
  }

  #ping() {
    if (!this.#ponged) {
      this.#socket?.close();
      return;
    }
    this.#ponged = false;
    this.send(ping());
  }

  #lost(detail, reason = "") {
    this.#forget();
    const isReplaced = reason === REPLACED;
    const comesBack = this.#stays && !isReplaced;
    this.#hooks.onState(comesBack ? "waiting" : "not connected", detail, { isReplaced });
    if (comesBack) this.#retry = setTimeout(() => this.connect(), RETRY_MS);
  }

  #forget() {
    clearInterval(this.#pinging);
    clearTimeout(this.#retry);
    this.#socket = null;
  }
}
