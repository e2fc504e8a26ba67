// Glasses in the browser: connects the controls of the page with the phone, the display and the log.
import { AppList } from "./apps.js";
import { Log } from "./log.js";
import { Microphone, readSound } from "./microphone.js";
import { Phone } from "./phone.js";
import { Screen } from "./screen.js";
import { answerRequest } from "./hardware.js";

const GESTURES = ["single_tap", "double_tap", "triple_tap", "long_press", "forward_swipe", "backward_swipe", "up_swipe", "down_swipe"];
const MINUTE = 60_000;

const $ = (id) => document.getElementById(id);
const page = $("simulator");
const facts = JSON.parse($("facts").textContent);
const csrf = page.querySelector("[name=csrfmiddlewaretoken]").value;

const log = new Log($("log"), $("log-filter"), $("audio-counter"));
const screen = new Screen($("display"), $("display-owner"), $("display-view"));
const apps = new AppList($("apps"), facts.apps, {
  start: (packageName) => send("start_app", { packageName }),
  stop: (packageName) => send("stop_app", { packageName }),
  install: (packageName) => post(page.dataset.installUrl, { packageName }),
});
const phone = new Phone(facts.socketPath, fetchToken, { onMessage, onState, onFrame: (way, text) => log.add(way, text) });
const microphone = new Microphone(page.dataset.worklet, sendSound);

async function post(url, fields) {
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": csrf }, body: new URLSearchParams(fields) });
  const facts = await answer.json();
  if (!answer.ok) throw new Error(facts.message ?? `The cloud answered ${answer.status}.`);
  return facts;
}

async function fetchToken() {
  return (await post(page.dataset.tokenUrl, {})).token;
}

function send(type, fields = {}) {
  if (!phone.send({ type, ...fields, timestamp: Date.now() })) log.note("Not connected: nothing was sent.");
}

function sendSound(samples) {
  if (phone.sendBytes(samples)) log.countSound(samples.byteLength);
}

function onMessage(message) {
  if (message.type === "display_event") screen.show(message);
  else if (message.type === "microphone_state_change") showMicrophone(message);
  else if (message.type === "connection_ack" || message.type === "app_state_change") apps.update(message.userSession);
  else answerRequest(message, { send, position: readPosition, led: $("led") });
}

function onState(state, detail) {
  $("link-state").textContent = detail ? `${state}: ${detail}` : state;
  $("link-light").dataset.state = state;
  const isOpen = state === "connected";
  $("connect").disabled = state !== "not connected";
  for (const id of ["plug", "hang-up"]) $(id).disabled = !isOpen;
  if (isOpen) putOn();
  else apps.update(null);
}

function showMicrophone(message) {
  const wanted = message.requiredData?.join(", ");
  $("microphone-state").textContent = message.isMicrophoneEnabled ? `microphone wanted (${wanted})` : "microphone off";
}

function reportGlasses(status) {
  const ssid = $("wifi").value.trim();
  send("glasses_connection_state", { modelName: $("model").value, status, wifi: ssid ? { connected: true, ssid } : { connected: false } });
}

function putOn() {
  reportGlasses("CONNECTED");
  reportBattery();
}

function readPosition() {
  return { lat: Number($("lat").value), lng: Number($("lng").value), accuracy: 10 };
}

const deeds = {
  glassesOn: putOn,
  glassesOff: () => reportGlasses("DISCONNECTED"),
  press: () => send("button_press", { buttonId: $("button-id").value, pressType: "short" }),
  longPress: () => send("button_press", { buttonId: $("button-id").value, pressType: "long" }),
  touch: () => send("touch_event", { device_model: $("model").value, gesture_name: $("gesture").value }),
  headUp: () => { send("head_position", { position: "up" }); screen.look("dashboard"); },
  headDown: () => { send("head_position", { position: "down" }); screen.look("main"); },
};

function whenSent(id, deed) {
  $(id).addEventListener("submit", (event) => { event.preventDefault(); deed(); });
}

function wire() {
  for (const model of facts.models) $("model").add(new Option(model));
  for (const gesture of GESTURES) $("gesture").add(new Option(gesture));
  for (const button of page.querySelectorAll("[data-does]")) button.addEventListener("click", () => deeds[button.dataset.does]());
  $("connect").addEventListener("click", () => phone.connect());
  $("plug").addEventListener("click", () => phone.pullPlug(Number($("plug-seconds").value)));
  $("hang-up").addEventListener("click", () => phone.hangUp());
  $("model").addEventListener("change", () => reportGlasses("CONNECTED"));
  $("wifi").addEventListener("change", () => reportGlasses("CONNECTED"));
  $("log-clear").addEventListener("click", () => log.clear());
  for (const id of ["battery", "charging"]) $(id).addEventListener("change", reportBattery);
  $("battery").addEventListener("input", () => { $("battery-shown").textContent = `${$("battery").value} %`; });
  $("record").addEventListener("click", record);
  $("wav").addEventListener("change", playFile);
  whenSent("say", say);
  whenSent("move", () => send("location_update", readPosition()));
  whenSent("notify", notify);
  whenSent("plan", plan);
}

function reportBattery() {
  send("glasses_battery_update", { level: Number($("battery").value), charging: $("charging").checked });
}

function say() {
  const text = $("words").value.trim();
  if (text) send("local_transcription", { text, isFinal: true, startTime: 0, endTime: text.length * 70, speakerId: 0, transcribeLanguage: "en-US", provider: "browser" });
  $("words").value = "";
}

function notify() {
  send("phone_notification", { notificationId: crypto.randomUUID(), app: "Messages", title: $("notice-title").value, content: $("notice-text").value, priority: "normal" });
}

function plan() {
  const start = Date.now() + Number($("event-minutes").value) * MINUTE;
  const iso = (time) => new Date(time).toISOString();
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  send("calendar_event", { eventId: crypto.randomUUID(), title: $("event-title").value, dtStart: iso(start), dtEnd: iso(start + 30 * MINUTE), timezone, timeStamp: iso(Date.now()) });
}

async function record() {
  try {
    const isOn = await microphone.toggle();
    $("record").setAttribute("aria-pressed", String(isOn));
    $("record").textContent = isOn ? "Stop the microphone" : "Use this microphone";
    send("VAD", { status: isOn });
  } catch (problem) {
    log.note(`The microphone cannot be used: ${problem.message}`);
  }
}

async function playFile() {
  const [file] = $("wav").files;
  if (!file) return;
  try {
    send("VAD", { status: true });
    await readSound(await file.arrayBuffer(), sendSound);
    send("VAD", { status: false });
  } catch (problem) {
    log.note(`${file.name} cannot be played: ${problem.message}`);
  }
  $("wav").value = "";
}

wire();
screen.clear();
