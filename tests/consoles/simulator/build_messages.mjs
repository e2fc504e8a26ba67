// Prints, by the name of the sample it must equal, every message that the page's modules build.
// Run in a folder that holds copies of them.
import { answerRequest } from "./hardware.js";
import * as messages from "./messages.js";

const AT = 1773500966535;
const ISO = "2026-03-14T15:09:26.535Z";
const note = { notificationId: "note-4", app: "Mail", title: "Alan", content: "The proof is attached", priority: "high" };
const dentist = { eventId: "cal-9", title: "Dentist", start: new Date("2026-03-15T10:30:00Z"), end: new Date("2026-03-15T11:00:00Z"), timezone: "Europe/Vienna" };

const built = {
  "VAD": messages.voiceActivity(false),
  "button_press": messages.buttonPress("main", "long", AT),
  "calendar_event": messages.calendarEvent(dentist, new Date("2026-03-14T08:00:00Z")),
  "glasses_battery_update.2": messages.glassesBattery(41, false),
  "glasses_connection_state.2": messages.glassesState("DISCONNECTED", "Even Realities G1", "home"),
  "glasses_connection_state.3": messages.glassesState("CONNECTED", "Even Realities G1", ""),
  "head_position": messages.headPosition("down", ISO),
  "local_transcription.2": messages.transcription("good evening"),
  "location_update": messages.locationUpdate({ lat: 48.1374, lng: 11.5755, accuracy: 8 }, undefined, AT),
  "location_update.2": messages.locationUpdate({ lat: -33, lng: 151.2, accuracy: 4.5 }, "poll_77", ISO),
  "open_dashboard": messages.openDashboard(),
  "phone_battery_update.2": messages.phoneBattery(60, true),
  "phone_notification": messages.notification(note, AT),
  "phone_notification_dismissed": messages.notificationDismissed(note, "0|org.example.mail|4"),
  "ping": messages.ping(),
  "pong": messages.pong(),
  "start_app": messages.startApp("org.example.notes", AT),
  "stop_app": messages.stopApp("org.example.notes", ISO),
  "touch_event": messages.touchEvent("Mentra Live", "forward_swipe", AT),
};

// What the hardware answers to requests of the cloud.
const lucky = { answer: async () => ({}) };
const busy = { answer: async () => ({ code: "CAMERA_BUSY", message: "The camera is in use" }) };
const requests = [
  ["photo_response.3", { type: "photo_request", requestId: "photo_req_a3" }, { camera: lucky }],
  ["photo_response.4", { type: "photo_request", requestId: "photo_req_a4" }, { camera: busy }],
  ["audio_play_response", { type: "audio_play_request", requestId: "audio_req_5" }, { speaker: { play: async () => { throw new Error("no route to host"); } } }],
  ["audio_play_response.2", { type: "audio_play_request", requestId: "audio_req_6" }, { speaker: { play: async () => 1480 } }],
  ["rgb_led_control_response.2", { type: "rgb_led_control", requestId: "led_req_3" }, { led: { show() {} } }],
  ["stream_status.2", { type: "start_stream", streamId: "slk2j3h4g5" }, { camera: { startFilm: () => "encoder failed" } }],
  ["keep_alive_ack", { type: "keep_stream_alive", streamId: "slk2j3h4g5", ackId: "ab12cd" }, { camera: { films: () => true } }],
];
for (const [name, request, parts] of requests) {
  await answerRequest(request, { ...parts, send: (message) => { built[name] = message; } });
}
built["rgb_led_control_response"] = messages.ledResponse("led_req_2", "light is busy");

console.log(JSON.stringify(built));
