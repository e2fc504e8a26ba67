// Runs on the audio thread: gathers 20 ms of samples and posts them as PCM16.
const FRAME = 320;

class Recorder extends AudioWorkletProcessor {
  #frame = new Int16Array(FRAME);
  #filled = 0;

  process([[samples]]) {
    for (const value of samples ?? []) {
      this.#frame[this.#filled++] = Math.max(-1, Math.min(1, value)) * 0x7fff;
      if (this.#filled === FRAME) {
        this.port.postMessage(this.#frame.slice().buffer);
        this.#filled = 0;
      }
    }
    return true;
  }
}

registerProcessor("recorder", Recorder);
