// Every message of the phone (glasses-socket §4), built here and nowhere else; needs no browser.
// The samples of sessions_app/protocol/samples are built from these functions in a test.
const SPOKEN_MS_PER_CHARACTER = 70;

const dated = (type, fields, timestamp) => ({ type, ...fields, timestamp });

export const ping = () => ({ type: "ping" });
export const pong = () => ({ type: "pong" });

export const startApp = (packageName, now = Date.now()) => dated("start_app", { packageName }, now);
export const stopApp = (packageName, now = Date.now()) => dated("stop_app", { packageName }, now);
export const openDashboard = () => ({ type: "open_dashboard" });

export const buttonPress = (buttonId, pressType, now = Date.now()) => dated("button_press", { buttonId, pressType }, now);
export const headPosition = (position, now = Date.now()) => dated("head_position", { position }, now);

// `gesture` is one of GESTURES.
export const touchEvent = (model, gesture, now = Date.now()) => dated("touch_event", { device_model: model, gesture_name: gesture }, now);
export const GESTURES = ["single_tap", "double_tap", "triple_tap", "long_press", "forward_swipe", "backward_swipe", "up_swipe", "down_swipe"];

// Charge in percent.
export const glassesBattery = (level, charging) => ({ type: "glasses_battery_update", level, charging });
export const phoneBattery = (level, charging) => ({ type: "phone_battery_update", level, charging });

// `status` is CONNECTED, RECONNECTED or DISCONNECTED; `ssid` is empty without Wi-Fi.
export function glassesState(status, modelName, ssid) {
  if (status === "DISCONNECTED") return { type: "glasses_connection_state", status };
  const wifi = ssid ? { connected: true, ssid } : { connected: false };
  return { type: "glasses_connection_state", modelName, status, wifi };
}

// Degrees and metres; `correlationId` names the poll that is answered, if it is one.
export function locationUpdate({ lat, lng, accuracy }, correlationId, now = Date.now()) {
  return dated("location_update", { lat, lng, accuracy, ...(correlationId && { correlationId }) }, now);
}

export const voiceActivity = (status) => ({ type: "VAD", status });

// Words as recognised on the phone.
export function transcription(text, transcribeLanguage = "en-US", isFinal = true) {
  const times = { startTime: 0, endTime: text.length * SPOKEN_MS_PER_CHARACTER };
  return { type: "local_transcription", text, isFinal, ...times, speakerId: 0, transcribeLanguage, provider: "browser" };
}

// `notice` is {notificationId, app, title, content, priority}.
export const notification = (notice, now = Date.now()) => dated("phone_notification", notice, now);
export const notificationDismissed = (notice, notificationKey) => ({ type: "phone_notification_dismissed", ...notice, notificationKey });

// Times are Date objects.
export function calendarEvent({ eventId, title, start, end, timezone }, now = new Date()) {
  const iso = (time) => time.toISOString().replace(".000Z", "Z");
  return { type: "calendar_event", eventId, title, dtStart: iso(start), dtEnd: iso(end), timezone, timeStamp: iso(now) };
}

// Without a `code` the photo has reached the app.
export function photoResponse(requestId, { code, message, savedToGallery = false } = {}) {
  if (code) return { type: "photo_response", requestId, success: false, error: { code, message } };
  return { type: "photo_response", requestId, success: true, savedToGallery };
}

// `duration` in milliseconds; an `error` makes it a failure.
export function audioPlayResponse(requestId, { error = null, duration = null }) {
  return { type: "audio_play_response", requestId, success: error === null, error, duration };
}

export function ledResponse(requestId, error) {
  return { type: "rgb_led_control_response", requestId, success: !error, ...(error && { error }) };
}

export const streamStatus = (streamId, status, errorDetails) => ({ type: "stream_status", streamId, status, errorDetails });
export const keepAliveAck = (streamId, ackId) => ({ type: "keep_alive_ack", streamId, ackId });
