// Glasses in the browser: puts the parts of the page together.
import { AppList } from "./apps.js";
import { AppSettings } from "./settings.js";
import { Camera } from "./camera.js";
import { ConnectionState } from "./connection.js";
import { Glasses } from "./glasses.js";
import { Led } from "./led.js";
import { Log } from "./log.js";
import { Phone } from "./phone.js";
import { Position } from "./position.js";
import { Screen } from "./screen.js";
import { Speaker } from "./speaker.js";
import { TouchPad } from "./touchpad.js";
import { Welcome } from "./welcome.js";
import { answerRequest } from "./hardware.js";
import { wirePocket } from "./pocket.js";
import { wireVoice } from "./voice.js";
import { $, facts, get, post, root, whenClicked } from "./page.js";
import * as messages from "./messages.js";

const log = new Log($("log"), $("log-filter"), $("audio-counter"));
const screen = new Screen($("display"), $("display-owner"), $("display-view"));
const connection = new ConnectionState();
const settings = new AppSettings($("app-settings"), fetchToken);
const apps = new AppList($("apps"), facts.apps, {
  start: (packageName) => send(messages.startApp(packageName)),
  stop: (packageName) => send(messages.stopApp(packageName)),
  install: (packageName) => post(root.dataset.installUrl, { packageName }),
  find: async (words) => (await get(root.dataset.appsUrl, { words })).apps,
  problem: (words) => log.note(words),
  set: (app) => settings.open(app.packageName, app.name),
  open: openPage,
});
const phone = new Phone(facts.socketPath, fetchToken, { onMessage, onState, onFrame: (way, text) => log.add(way, text) });
const glasses = new Glasses(send, tell, screen);
const position = new Position(send, tell);
const parts = { send, position, camera: new Camera((problem) => log.note(`The webcam cannot be used: ${problem.message}`)), speaker: new Speaker(), led: new Led($("led")), notice: (text) => { $("notice").textContent = text; } };
const welcome = new Welcome(facts.first, { connect: () => phone.connect(), apps });

async function fetchToken() {
  return (await post(root.dataset.tokenUrl, {})).token;
}

// Show an app's page as a phone does. A window opens only while the click is fresh; where it leads is known later.
async function openPage({ packageName, name }) {
  const tab = window.open("", "_blank");
  if (!tab) return log.note(`The browser lets this page open no window for ${name}.`);
  try {
    const { url } = await post(root.dataset.pageUrl, { packageName });
    tab.opener = null;
    tab.location.replace(url);
  } catch ({ message }) {
    tab.close();
    log.note(`The page of ${name} is not opened: ${message}`);
  }
}

function send(message) {
  if (!phone.send(message)) log.note("Not connected: nothing was sent.");
}

// For what is told anyway as soon as there is a connection.
function tell(message) {
  phone.send(message);
}

function sendSound(samples) {
  if (phone.sendBytes(samples)) log.countSound(samples.byteLength);
}

function onMessage(message) {
  welcome.hear(message);
  if (message.type === "display_event") screen.show(message);
  else if (message.type === "microphone_state_change") showMicrophone(message);
  else if (message.type === "connection_ack") greet(message);
  else if (message.type === "app_state_change") apps.update(message.userSession);
  else answerRequest(message, parts);
}

function greet(message) {
  connection.welcome(message);
  apps.update(message.userSession);
  glasses.putOn();
}

function onState(state, detail, more) {
  connection.show(state, detail, more);
  if (state === "connected") return;
  apps.update(null);
  position.follow(null);
}

function showMicrophone({ isMicrophoneEnabled, requiredData = [] }) {
  $("microphone-state").textContent = isMicrophoneEnabled ? `microphone wanted (${requiredData.join(", ")})` : "microphone off";
}

const touch = (gesture) => {
  $("gesture-done").textContent = gesture.replace("_", " ");
  send(messages.touchEvent(glasses.model, gesture));
};
for (const gesture of messages.GESTURES) $("gesture").add(new Option(gesture.replace("_", " "), gesture));
new TouchPad($("touchpad"), touch);
whenClicked("touch", () => touch($("gesture").value));
whenClicked("connect", () => phone.connect());
whenClicked("plug", () => phone.pullPlug(Number($("plug-seconds").value)));
whenClicked("hang-up", () => phone.hangUp());
whenClicked("log-clear", () => log.clear());
wireVoice({ send, sendSound }, (words) => log.note(words));
wirePocket(send, tell);
welcome.begin();
