// Sound for the cloud: PCM16, mono, 16,000 Hz, in frames of 20 ms (glasses-socket §6), from the microphone or a file.
import { openMedia } from "./page.js";

const RATE = 16_000;
const FRAME = 320;

export class Microphone {
  #worklet;
  #onFrame;
  #context = null;
  #stream = null;

  constructor(worklet, onFrame) {
    this.#worklet = worklet;
    this.#onFrame = onFrame;
  }

  // Switch on or off; resolves to whether it is on now, rejects when the browser gives no microphone.
  async toggle() {
    if (this.#context) {
      this.#stream.getTracks().forEach((track) => track.stop());
      await this.#context.close();
      this.#context = null;
      return false;
    }
    this.#stream = await openMedia({ audio: { channelCount: 1, echoCancellation: true } });
    this.#context = new AudioContext({ sampleRate: RATE });
    await this.#context.audioWorklet.addModule(this.#worklet);
    const recorder = new AudioWorkletNode(this.#context, "recorder", { numberOfOutputs: 0 });
    recorder.port.onmessage = ({ data }) => this.#onFrame(data);
    this.#context.createMediaStreamSource(this.#stream).connect(recorder);
    return true;
  }
}

// Send the sound of a file in real time; rejects when the browser cannot decode it.
export async function readSound(data, onFrame) {
  const samples = mixDown(await new OfflineAudioContext(1, 1, RATE).decodeAudioData(data));
  const began = performance.now();
  for (let at = 0; at < samples.length; at += FRAME) {
    onFrame(toPcm16(samples.subarray(at, at + FRAME)));
    const due = began + ((at + FRAME) / RATE) * 1000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }
}

// The mean of all channels; decoding has brought them to our rate.
function mixDown(sound) {
  const channels = Array.from({ length: sound.numberOfChannels }, (_, number) => sound.getChannelData(number));
  return channels[0].map((_, moment) => channels.reduce((sum, channel) => sum + channel[moment], 0) / channels.length);
}

function toPcm16(samples) {
  return Int16Array.from(samples, (value) => Math.max(-1, Math.min(1, value)) * 0x7fff).buffer;
}
