// Plays what apps want heard. A page may load sound from its own site only, so anything else is got by the site.
import { $, read, root } from "./page.js";

const CLEANED = "The sound was stopped.";
const STREAMS = "/api/audio/stream/";

export class Speaker {
  #playing = new Map();

  // Resolves to the milliseconds it took; rejects with words.
  async play({ requestId, audioUrl, volume = 1, stopOtherAudio = true, trackId = 0 }) {
    if (stopOtherAudio) this.stop();
    const began = performance.now();
    const { url, release } = await locate(requestId, audioUrl);
    const sound = new Audio(url);
    sound.volume = volume;
    try {
      this.stop(trackId);
      await this.#hear(sound, trackId);
    } finally {
      release();
      $("sound-state").textContent = "silent";
    }
    return Math.round(performance.now() - began);
  }

  // End the sound of a track, or of all.
  stop(trackId) {
    for (const [track, end] of this.#playing) if (trackId === undefined || track === trackId) end();
  }

  async #hear(sound, trackId) {
    const over = new Promise((resolve, reject) => {
      sound.onended = resolve;
      sound.onerror = () => reject(new Error("The browser cannot play what came."));
      this.#playing.set(trackId, () => { sound.pause(); reject(new Error(CLEANED)); });
    });
    over.catch(() => {});
    $("sound-state").textContent = "playing";
    try {
      await sound.play().catch((problem) => { throw new Error(`The browser does not play it: ${problem.message}`); });
      await over;
    } finally {
      this.#playing.delete(trackId);
    }
  }
}

async function locate(requestId, audioUrl) {
  const address = new URL(audioUrl, location.href);
  // Sound that an app makes as it goes comes from every host of this cloud.
  if (address.origin === location.origin || address.pathname.startsWith(STREAMS)) {
    return { url: `${location.origin}${address.pathname}${address.search}`, release: () => {} };
  }
  const answer = await fetch(`${root.dataset.soundUrl}?${new URLSearchParams({ requestId })}`);
  if (!answer.ok) await read(answer);
  const url = URL.createObjectURL(await answer.blob());
  return { url, release: () => URL.revokeObjectURL(url) };
}
