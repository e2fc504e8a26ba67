// What the microphone hears: this machine's microphone, a sound file, or words as the phone recognised them.
import { $, root, whenChosen, whenClicked, whenSent } from "./page.js";
import { Microphone, readSound } from "./microphone.js";
import { transcription, voiceActivity } from "./messages.js";

// `phone` is send(message), sendSound(samples); `onProblem(text)` tells what did not work.
export function wireVoice(phone, onProblem) {
  const microphone = new Microphone(root.dataset.worklet, phone.sendSound);

  async function record() {
    try {
      const isOn = await microphone.toggle();
      $("record").setAttribute("aria-pressed", String(isOn));
      $("record").textContent = isOn ? "Stop the microphone" : "Use this microphone";
      phone.send(voiceActivity(isOn));
    } catch (problem) {
      onProblem(`The microphone cannot be used: ${problem.message}`);
    }
  }

  async function play(file) {
    if (!file) return;
    phone.send(voiceActivity(true));
    try {
      await readSound(await file.arrayBuffer(), phone.sendSound);
    } catch (problem) {
      onProblem(`${file.name} cannot be played: ${problem.message}`);
    }
    phone.send(voiceActivity(false));
  }

  whenClicked("record", record);
  whenChosen("wav", async (file) => { await play(file); $("wav").value = ""; });
  const place = $("voice");
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => { event.preventDefault(); play(event.dataTransfer.files[0]); });
  whenSent("say", () => {
    const text = $("words").value.trim();
    if (text) phone.send(transcription(text, $("language").value));
    $("words").value = "";
  });
}
