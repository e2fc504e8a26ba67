// A touch pad for mouse and finger; what is done on it becomes one of the gestures of glasses.
const STROKE_PX = 24;
const LONG_MS = 600;
const NEXT_TAP_MS = 280;
const TAPS = ["single_tap", "double_tap", "triple_tap"];

export class TouchPad {
  #onGesture;
  #start = null;
  #taps = 0;
  #counting = null;

  // `onGesture(name)` hears of each gesture.
  constructor(pad, onGesture) {
    this.#onGesture = onGesture;
    pad.addEventListener("pointerdown", (event) => {
      pad.setPointerCapture(event.pointerId);
      this.#start = { x: event.clientX, y: event.clientY, at: event.timeStamp };
    });
    pad.addEventListener("pointerup", (event) => this.#end(event));
    pad.addEventListener("pointercancel", () => { this.#start = null; });
  }

  #end(event) {
    if (!this.#start) return;
    const [x, y] = [event.clientX - this.#start.x, event.clientY - this.#start.y];
    const lasted = event.timeStamp - this.#start.at;
    this.#start = null;
    if (Math.max(Math.abs(x), Math.abs(y)) >= STROKE_PX) this.#onGesture(nameStroke(x, y));
    else if (lasted >= LONG_MS) this.#onGesture("long_press");
    else this.#tap();
  }

  #tap() {
    this.#taps += 1;
    clearTimeout(this.#counting);
    const tell = () => { this.#onGesture(TAPS[this.#taps - 1]); this.#taps = 0; };
    if (this.#taps === TAPS.length) tell();
    else this.#counting = setTimeout(tell, NEXT_TAP_MS);
  }
}

function nameStroke(x, y) {
  if (Math.abs(x) >= Math.abs(y)) return x > 0 ? "forward_swipe" : "backward_swipe";
  return y > 0 ? "down_swipe" : "up_swipe";
}
