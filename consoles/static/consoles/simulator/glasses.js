// The glasses on one's nose: which model, its battery and Wi-Fi, what one presses, strokes and nods.
import { $, facts, whenClicked } from "./page.js";
import * as messages from "./messages.js";

const NOD_MS = 700;
const PARTS = { hasDisplay: "display", hasCamera: "camera", hasMicrophone: "microphone", hasSpeaker: "speaker", hasButton: "button", hasLight: "light", hasIMU: "motion", hasWifi: "Wi-Fi" };

export class Glasses {
  #send;
  #tell;
  #screen;

  // `tell` is `send` that does not mind when there is no connection.
  constructor(send, tell, screen) {
    this.#send = send;
    this.#tell = tell;
    this.#screen = screen;
    for (const model of Object.keys(facts.models)) $("model").add(new Option(model));
    $("model").addEventListener("change", () => { this.#showModel(); this.putOn(); });
    for (const id of ["wifi", "ssid"]) $(id).addEventListener("change", () => this.report("CONNECTED"));
    for (const id of ["battery", "charging"]) $(id).addEventListener("change", () => this.#reportBattery());
    $("battery").addEventListener("input", () => { $("battery-shown").textContent = `${$("battery").value} %`; });
    whenClicked("put-on", () => this.putOn());
    whenClicked("take-off", () => this.report("DISCONNECTED"));
    whenClicked("press", () => send(messages.buttonPress($("button-id").value, "short")));
    whenClicked("long-press", () => send(messages.buttonPress($("button-id").value, "long")));
    whenClicked("head-up", () => this.#look("up"));
    whenClicked("head-down", () => this.#look("down"));
    whenClicked("nod", () => { this.#look("up"); setTimeout(() => this.#look("down"), NOD_MS); });
    whenClicked("dashboard", () => { send(messages.openDashboard()); screen.look("dashboard"); });
    this.#showModel();
  }

  get model() {
    return $("model").value;
  }

  putOn() {
    this.report("CONNECTED");
    this.#reportBattery();
  }

  report(status) {
    const hasWifi = !$("wifi").disabled && $("wifi").checked;
    this.#tell(messages.glassesState(status, this.model, hasWifi ? $("ssid").value.trim() || "home" : ""));
  }

  #reportBattery() {
    this.#tell(messages.glassesBattery(Number($("battery").value), $("charging").checked));
  }

  #look(position) {
    this.#send(messages.headPosition(position));
    this.#screen.look(position === "up" ? "dashboard" : "main");
  }

  #showModel() {
    const profile = facts.models[this.model];
    const has = Object.keys(PARTS).filter((part) => profile[part]);
    $("model-parts").textContent = has.length ? `Has: ${has.map((part) => PARTS[part]).join(", ")}` : "Has nothing built in";
    for (const id of ["wifi", "ssid"]) $(id).disabled = !profile.hasWifi;
    this.#screen.become(profile.hasDisplay ? profile.display : null);
  }
}
