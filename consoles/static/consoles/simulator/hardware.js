// What these glasses do when the cloud asks for something (glasses-socket §5.4).
const LED_COLOURS = { red: "#ff4d4d", green: "#4dff6a", blue: "#5b8cff", orange: "#ffa033", white: "#ffffff" };

// Answer a request of the cloud; `tools` are send(type, fields), position() and the LED's element.
export function answerRequest(message, tools) {
  answers[message.type]?.(message, tools);
}

const answers = {
  rgb_led_control({ requestId, action, color, ontime = 500, offtime = 0, count = 1 }, { send, led }) {
    blink(led, action === "off" ? null : LED_COLOURS[color] ?? color, ontime, offtime, count);
    send("rgb_led_control_response", { requestId, success: true });
  },

  async audio_play_request({ requestId, audioUrl, volume = 1 }, { send }) {
    const began = Date.now();
    const sound = new Audio(audioUrl);
    sound.volume = volume;
    try {
      await sound.play();
      await new Promise((resolve, reject) => { sound.onended = resolve; sound.onerror = reject; });
      send("audio_play_response", { requestId, success: true, error: null, duration: Date.now() - began });
    } catch {
      const error = "This page plays only sound that comes from the cloud itself.";
      send("audio_play_response", { requestId, success: false, error, duration: null });
    }
  },

  photo_request({ requestId }, { send }) {
    const error = { code: "CAMERA_INIT_FAILED", message: "The glasses in the browser have no camera." };
    send("photo_response", { requestId, success: false, error });
  },

  request_single_location({ correlationId }, { send, position }) {
    send("location_update", { ...position(), correlationId });
  },
};

async function blink(led, colour, on, off, count) {
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  for (let turn = 0; colour && turn < count; turn++) {
    led.style.background = colour;
    await pause(on);
    led.style.background = "";
    await pause(off);
  }
  led.style.background = "";
}
