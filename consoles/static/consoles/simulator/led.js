// The light of the glasses: blinks as an app asks, the last request wins.
const COLOURS = { red: "#ff4d4d", green: "#4dff6a", blue: "#5b8cff", orange: "#ffa033", white: "#ffffff" };

export class Led {
  #light;
  #turn = 0;

  constructor(light) {
    this.#light = light;
  }

  // Times in milliseconds.
  async show({ action, color = "white", ontime = 1000, offtime = 0, count = 1 }) {
    const mine = ++this.#turn;
    this.#paint("");
    for (let round = 0; action === "on" && round < count; round++) {
      this.#paint(COLOURS[color] ?? "");
      await pause(ontime);
      if (mine !== this.#turn) return;
      this.#paint("");
      await pause(offtime);
      if (mine !== this.#turn) return;
    }
  }

  #paint(colour) {
    this.#light.style.setProperty("--lit", colour || "transparent");
    this.#light.title = colour ? "LED, lit" : "LED, dark";
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
