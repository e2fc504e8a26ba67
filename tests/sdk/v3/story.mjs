/**
 * The app of the story that both SDKs tell: greets, repeats speech and buttons, follows a setting, and asks for
 * positions that it may not have. tests/conformance/story_app.py is the same in Python.
 */
import { MiniAppServer } from "@mentra/sdk";
import { obey, report, settings } from "../probe_io.mjs";
import { serve } from "./bun_server.mjs";

const app = new MiniAppServer(settings);

/** What some buttons do: one thing of each kind that an app can ask for. */
const deeds = {
  layouts: ({ display }) => {
    display.showDoubleTextWall("top", "bottom");
    display.showReferenceCard("title", "text");
    display.showDashboardCard("left", "right");
    display.clear();
  },
  dashboard: ({ dashboard }) => dashboard.showText("3 tasks due"),
  light: ({ led }) => void led.setColor("green", 500),
  dark: ({ led }) => void led.off(),
  sound: ({ speaker }) => void speaker.play({ url: "https://example.com/gong.mp3", volume: 0.5 }),
  silence: ({ speaker }) => void speaker.stop(),
  speech: ({ speaker }) => void speaker.speak("good morning"),
  configure: ({ transcription }) => transcription.configure({ languageHints: ["en", "de"], vocabulary: ["Mentra"] }),
  photo: ({ camera, display }) => camera.takePhoto({ size: "small" }).catch(() => display.showTextWall("no photo")),
  stream: ({ camera }) => void camera.startStream({ direct: "rtmp://example.com/live" }).catch(() => {}),
};

app.onSession((session) => {
  const show = (text) => session.display.showTextWall(text);
  session.transcription.on((speech) => show(`heard: ${speech.text}`));
  session.device.onButtonPress(({ buttonId }) => (deeds[buttonId] ?? (() => show(`pressed: ${buttonId}`)))(session));
  session.location.onUpdate(() => show("moved"));
  // Called whenever settings arrive, with each ack too and twice after a change; session.settings.on_change of Python is not.
  let greeting = null;
  session.onSettings((values) => {
    const { value } = values.find((entry) => entry.key === "greeting");
    if (greeting !== null && value !== greeting) show(`greeting: ${value}`);
    greeting = value;
  });
  show("hello");
  report("session", { userId: session.userId });
});
app.onStop((session, reason) => report("stop", { reason }));

obey({});
await serve(app);
