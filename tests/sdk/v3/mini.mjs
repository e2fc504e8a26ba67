/**
 * Family C: MiniAppServer/MentraSession of @mentra/sdk 3.0.0-alpha.4 on Bun.
 * It greets, repeats what it hears on the display, and reports every callback.
 */
import { MiniAppServer } from "@mentra/sdk";
import { answerTool, obey, report, reportData, reportManaged, reportPhoto, reportPlayed, reportStreamStatus, settings, writePieces } from "../probe_io.mjs";
import { serve } from "./bun_server.mjs";

const sessions = new Map();
const streams = new Map();

function listen(session, stream) {
  const userId = session.userId;
  const tell = (data) => reportData(stream, userId, data);
  const [name, option] = stream.split(":");
  if (name === "transcription") {
    const hear = (data) => {
      tell(data);
      session.display.showTextWall(`heard: ${data.text}`);
    };
    return option === "auto" ? session.transcription.on(hear) : session.transcription.forLanguage(option, hear);
  }
  if (name === "translation") {
    const [source, target] = option.split("-");
    return source === "auto" ? session.translation.to(target, tell) : session.translation.fromTo(source, target, tell);
  }
  if (name === "VAD") return session.mic.onVoiceActivity(tell);
  if (name === "button_press") return session.device.onButtonPress(tell);
  if (name === "head_position") return session.device.onHeadPosition(tell);
  if (name === "touch_event") return option ? session.device.onTouchEvent(option, tell) : session.device.onTouchEvent(tell);
  if (name === "audio_chunk") return session.mic.onChunk(tell);
  if (name === "phone_notification") return session.phone.notifications.on(tell);
  if (name === "phone_notification_dismissed") return session.phone.notifications.onDismissed(tell);
  if (name === "calendar_event") return session.phone.calendar.on(tell);
  if (name === "location_stream") return session.location.onUpdate(tell);
  throw new Error(`the probe has no handler for ${stream}`);
}

const app = new MiniAppServer(settings);

app.onSession((session) => {
  const { userId, sessionId } = session;
  sessions.set(userId, session);
  session.onReconnected(() => report("reconnected", { userId }));
  session.onStopped((reason) => report("session_stopped", { userId, reason }));
  session.onDisconnected((info) => report("disconnected", { userId, code: info.code, reason: info.reason ?? "", permanent: !!info.permanent }));
  session.onError((error) => report("error", { userId, message: error.message }));
  session.onConnected((values) => report("connected", { userId, settings: values, capabilities: session.capabilities, permissions: session.permissions.getAll() }));
  session.permissions.onPermissionError((error) => report("permission_error", { userId, message: error.message, deniedPermissions: error.deniedPermissions }));
  session.permissions.onPermissionDenied((denied) => report("permission_denied", { userId, stream: denied.streamType, permission: denied.permission }));
  settings.streams.forEach((stream) => listen(session, stream));
  session.display.showTextWall(`hello from ${settings.packageName}`);
  report("session", { sessionId, userId });
});
app.onStop((session, reason) => report("stop", { userId: session?.userId ?? null, reason }));

// A handler given to onToolCall is kept by 3.0.0-alpha.4 and never asked: apps must replace the method.
app.onToolCall = async ({ toolId, toolParameters, userId, activeSession }) => {
  report("tool", { toolId, toolParameters, userId, hasSession: !!activeSession });
  return answerTool(toolId, toolParameters);
};

obey({
  tell_wifi: ({ userId }) => {
    const { wifiConnected, wifiSsid } = sessions.get(userId).device.state;
    report("wifi", { connected: wifiConnected.value, ssid: wifiSsid.value });
  },
  locate: ({ userId, accuracy }) => {
    const { location } = sessions.get(userId);
    location.configure({ accuracy });
    void location.requestUpdate().then((found) => report("located", found), (error) => report("unlocated", { message: String(error) }));
  },
  watch_state: ({ userId }) => {
    for (const [name, value] of Object.entries(sessions.get(userId).device.state)) value.onChange?.((now) => report("state", { name, value: now }));
  },
  show: ({ userId, text }) => sessions.get(userId).display.showTextWall(text),
  dashboard: ({ userId, call, arguments: values }) => sessions.get(userId).dashboard[call](...values),
  draw: ({ userId, method, values }) => void sessions.get(userId).display[method](...values),
  configure: ({ userId, config }) => sessions.get(userId).transcription.configure(config),
  speak: ({ userId, text }) => void sessions.get(userId).speaker.speak(text).catch((error) => report("unspoken", { message: String(error) })),
  play: ({ userId, options: { audioUrl, ...rest } }) => reportPlayed("play", () => sessions.get(userId).speaker.play({ url: audioUrl, ...rest })),
  stop_sound: ({ userId, trackId }) => sessions.get(userId).speaker.stop(trackId),
  tell_mic: ({ userId }) => {
    const { isActive, isSpeaking } = sessions.get(userId).mic;
    report("mic", { isActive, isSpeaking });
  },
  stop_mic: ({ userId }) => sessions.get(userId).mic.stop(),
  tell_time: ({ userId, moment }) => {
    const { time } = sessions.get(userId);
    const local = time.toLocal(new Date(moment));
    const clock = time.format(new Date(moment), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    report("time", { zone: time.zone, clock, hours: local.getHours(), minutes: local.getMinutes() });
  },
  light: ({ userId, options: { color, ontime } }) => sessions.get(userId).led.setColor(color ?? "red", ontime),
  dark: ({ userId }) => sessions.get(userId).led.off(),
  open_stream: async ({ userId, options }) => void streams.set(userId, await sessions.get(userId).speaker.createStream(options)),
  write_stream: ({ userId, ...what }) => writePieces(streams.get(userId), what),
  end_stream: ({ userId }) => streams.get(userId).end(),
  flush_stream: ({ userId }) => streams.get(userId).flush(),
  listen: ({ userId, stream }) => void listen(sessions.get(userId), stream),
  store: ({ userId, values }) => sessions.get(userId).storage.setMultiple(values),
  forget: ({ userId, key }) => sessions.get(userId).storage.delete(key),
  forget_all: ({ userId }) => sessions.get(userId).storage.clear(),
  tell_stored: async ({ userId }) => report("stored", { userId, values: await sessions.get(userId).storage.getAll() }),
  follow_settings: ({ userId }) => void sessions.get(userId).onSettings((values) => report("settings_changed", { values })),
  tell_settings: ({ userId }) => {
    const { settingsData, mentraosSettings, time } = sessions.get(userId);
    report("settings", { values: settingsData, timezone: time.zone, metric: mentraosSettings.metricSystemEnabled });
  },
  follow_streams: ({ userId }) => void sessions.get(userId).camera.onStreamStatus(reportStreamStatus),
  start_stream: ({ userId, url }) => sessions.get(userId).camera.startStream({ direct: url }),
  stop_stream: ({ userId }) => sessions.get(userId).camera.stopStream(),
  start_managed: ({ userId, options }) => reportManaged(() => sessions.get(userId).camera.startStream(options)),
  stop_managed: ({ userId }) => sessions.get(userId).camera.stopStream(),
  check_stream: async ({ userId }) => report("checked", await sessions.get(userId).camera.checkExistingStream()),
  take_photo: ({ userId, options }) => reportPhoto("takePhoto", () => sessions.get(userId).camera.takePhoto(options)),
  request_photo: ({ userId, options }) => {
    const compatible = app.getActiveSessionById(sessions.get(userId).sessionId);
    reportPhoto("requestPhoto", () => compatible.camera.requestPhoto(options));
  },
});
await serve(app);
