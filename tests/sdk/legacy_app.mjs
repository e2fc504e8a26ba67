/**
 * The probe app on the classes AppServer/AppSession, which both SDK packages have (families A and B).
 * It greets, repeats what it hears on the display, and reports every callback.
 */
import { answerTool, obey, report, reportData, reportManaged, reportPhoto, reportPlayed, reportStreamStatus, settings, writePieces } from "./probe_io.mjs";

const sessions = new Map();
const streams = new Map();
/** What ends a subscription, by user and stream. */
const endings = new Map();

/** What the SDK is asked for so that it subscribes to `en-US?no-language-identification=true&hints=es%2Cfr`. */
function languageOf(option) {
  const [language, query] = option.split("?");
  const wishes = new URLSearchParams(query);
  const hints = wishes.get("hints")?.split(",");
  return [language, query && { disableLanguageIdentification: wishes.has("no-language-identification"), hints }];
}

function listen(session, userId, stream) {
  const tell = (data) => reportData(stream, userId, data);
  const [name, option] = stream.split(":");
  const events = session.events;
  if (name === "transcription") {
    const hear = (data) => {
      tell(data);
      session.layouts.showTextWall(`heard: ${data.text}`);
    };
    if (!option) return events.onTranscription(hear);
    const [language, wishes] = languageOf(option);
    return events.onTranscriptionForLanguage(language, hear, wishes);
  }
  if (name === "translation" && !option.startsWith("all-")) {
    return events.ontranslationForLanguage(...option.split("-to-"), tell);
  }
  if (name === "VAD") return events.onVoiceActivity(tell);
  if (name === "button_press") return events.onButtonPress(tell);
  if (name === "touch_event") return option ? events.onTouchEvent(option, tell) : events.onTouchEvent(tell);
  if (name === "audio_chunk") return events.onAudioChunk(tell);
  if (name === "custom_message") {
    // onCustomMessage alone subscribes to nothing.
    events.on(name, () => {});
    return events.onCustomMessage("update_datetime", tell);
  }
  return events.on(stream, tell);
}

/** Make the probe's server class on top of the AppServer of either package. */
export function probeClass(AppServer) {
  return class Probe extends AppServer {
    async onSession(session, sessionId, userId) {
      sessions.set(userId, session);
      session.events.onConnected(() => report("reconnected", { userId }));
      session.events.onDisconnected((info) => report("disconnected", { userId, code: info.code, reason: String(info.reason ?? info), permanent: !!info.permanent }));
      session.events.onError((error) => report("error", { userId, message: error.message }));
      session.events.onPermissionError((error) => report("permission_error", { userId, message: error.message, details: error.details }));
      session.events.onPermissionDenied((denied) => report("permission_denied", { userId, stream: denied.stream, permission: denied.requiredPermission }));
      session.onAppMessage((message) => report("app_message", { userId, from: message.senderUserId, payload: message.payload }));
      session.onAppUserJoined((news) => report("user_joined", { userId, who: news.userId, room: news.roomId }));
      session.onAppUserLeft((news) => report("user_left", { userId, who: news.userId, room: news.roomId }));
      session.onAppRoomUpdated((news) => report("room_updated", { userId, room: news.roomId, data: news.roomData }));
      settings.streams.forEach((stream) => endings.set(`${userId} ${stream}`, listen(session, userId, stream)));
      session.dashboard.content.onModeChange((mode) => report("mode", { userId, mode }));
      session.layouts.showTextWall(`hello from ${settings.packageName}`);
      report("session", { sessionId, userId, settings: session.settings.getAll(), capabilities: session.capabilities });
    }

    async onToolCall({ toolId, toolParameters, userId, activeSession }) {
      report("tool", { toolId, toolParameters, userId, hasSession: !!activeSession });
      return answerTool(toolId, toolParameters);
    }

    async onStop(sessionId, userId, reason) {
      report("stop", { sessionId, userId, reason });
      await super.onStop(sessionId, userId, reason);
    }
  };
}

/** Take the test's orders. */
export function serveTest() {
  obey({
    tell_wifi: ({ userId }) => {
      const session = sessions.get(userId);
      const { wifiConnected, wifiSsid } = session.device.state;
      report("wifi", { ...session.getWifiStatus(), observed: { connected: wifiConnected.value, ssid: wifiSsid.value } });
    },
    watch_state: ({ userId }) => {
      for (const [name, value] of Object.entries(sessions.get(userId).device.state)) value.onChange?.((now) => report("state", { name, value: now }));
    },
    locate: ({ userId, accuracy }) => void sessions.get(userId).location.getLatestLocation({ accuracy }).then((found) => report("located", found), (error) => report("unlocated", { message: String(error) })),
    show: ({ userId, text }) => sessions.get(userId).layouts.showTextWall(text),
    dashboard: ({ userId, call, arguments: values }) => sessions.get(userId).dashboard.content[call](...values),
    fill: ({ userId, sections }) => Object.entries(sections).forEach(([section, text]) => sessions.get(userId).dashboard.system[`set${section}`](text)),
    set_mode: ({ userId, mode }) => sessions.get(userId).dashboard.system.setViewMode(mode),
    draw: ({ userId, method, values }) => void sessions.get(userId).layouts[method](...values),
    speak: ({ userId, text }) => void sessions.get(userId).audio.speak(text).catch((error) => report("unspoken", { message: String(error) })),
    play: ({ userId, options }) => reportPlayed("playAudio", () => sessions.get(userId).audio.playAudio(options)),
    stop_sound: ({ userId, trackId }) => sessions.get(userId).audio.stopAudio(trackId),
    light: ({ userId, options }) => sessions.get(userId).led.turnOn(options),
    dark: ({ userId }) => sessions.get(userId).led.turnOff(),
    open_stream: async ({ userId, options }) => void streams.set(userId, await sessions.get(userId).audio.createOutputStream(options)),
    write_stream: ({ userId, ...what }) => writePieces(streams.get(userId), what),
    end_stream: ({ userId }) => streams.get(userId).end(),
    flush_stream: ({ userId }) => streams.get(userId).flush(),
    stop_mic: ({ userId }) => ["audio_chunk", "VAD"].forEach((stream) => endings.get(`${userId} ${stream}`)()),
    listen: ({ userId, stream }) => void listen(sessions.get(userId), userId, stream),
    store: ({ userId, values }) => sessions.get(userId).simpleStorage.setMultiple(values),
    forget: ({ userId, key }) => sessions.get(userId).simpleStorage.delete(key),
    forget_all: ({ userId }) => sessions.get(userId).simpleStorage.clear(),
    tell_stored: async ({ userId }) => report("stored", { userId, values: await sessions.get(userId).simpleStorage.getAllData() }),
    discover: async ({ userId }) => report("discovered", { userId, found: await sessions.get(userId).discoverAppUsers(settings.cloudApiUrl) }),
    broadcast: ({ userId, payload }) => sessions.get(userId).broadcastToAppUsers(payload),
    send_to: async ({ userId, target, payload }) => report("sent", { userId, ok: await sessions.get(userId).sendDirectMessage(target, payload) }),
    join_room: ({ userId, room, config }) => sessions.get(userId).joinAppRoom(room, config),
    leave_room: ({ userId, room }) => sessions.get(userId).leaveAppRoom(room),
    ping: ({ userId }) => sessions.get(userId).send({ type: "ping" }),
    log_line: ({ userId, text }) => sessions.get(userId).logger.info(text),
    follow_settings: ({ userId, key, system }) => {
      const followed = sessions.get(userId).settings;
      followed.onChange((changes) => report("settings_changed", { changes }));
      followed.onValueChange(key, (value, previous) => report("value_changed", { key, value, previous }));
      followed.onMentraosChange(system, (value) => report("system_changed", { key: system, value: value ?? null }));
    },
    tell_settings: ({ userId }) => {
      const known = sessions.get(userId).settings;
      report("settings", { values: known.getAll(), timezone: known.getMentraOS("timezone"), metric: known.getMentraOS("metricSystemEnabled") });
    },
    fetch_settings: async ({ userId }) => report("fetched", { values: await sessions.get(userId).settings.fetch() }),
    follow_streams: ({ userId }) => {
      const { camera } = sessions.get(userId);
      camera.onStreamStatus(reportStreamStatus);
      camera.onManagedStreamStatus(reportStreamStatus);
    },
    start_stream: ({ userId, url }) => sessions.get(userId).camera.startStream({ rtmpUrl: url, streamUrl: url }),
    stop_stream: ({ userId }) => sessions.get(userId).camera.stopStream(),
    start_managed: ({ userId, options }) => reportManaged(() => sessions.get(userId).camera.startManagedStream(options)),
    stop_managed: ({ userId }) => sessions.get(userId).camera.stopManagedStream(),
    check_stream: async ({ userId }) => report("checked", await sessions.get(userId).camera.checkExistingStream()),
    request_photo: ({ userId, options }) => reportPhoto("requestPhoto", () => sessions.get(userId).camera.requestPhoto(options)),
  });
}
