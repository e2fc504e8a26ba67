// The display: 640 × 200 dots, green on black. Draws the layouts of app-socket §7.1 and keeps both views.
import { drawPicture } from "./pictures.js";

const GREEN = "#4dff6a";
const LINE = 36;
const MARGIN = 16;
const FONT = "500 28px Inter, system-ui, sans-serif";

export class Screen {
  #canvas;
  #context;
  #owner;
  #viewName;
  #views = {};
  #view = "main";
  #animation = null;

  constructor(canvas, owner, viewName) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#owner = owner;
    this.#viewName = viewName;
  }

  show(event) {
    this.#views[event.view] = event;
    if (event.view === this.#view) this.#draw();
  }

  look(view) {
    this.#view = view;
    this.#viewName.textContent = `${view} view`;
    this.#draw();
  }

  clear() {
    this.#context.fillStyle = "#000";
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#context.fillStyle = GREEN;
    this.#context.font = FONT;
    this.#context.textBaseline = "middle";
  }

  #draw() {
    clearInterval(this.#animation);
    this.clear();
    const event = this.#views[this.#view];
    this.#owner.textContent = event?.packageName ?? "–";
    const said = event ? this.#drawLayout(event.layout) : "";
    this.#canvas.setAttribute("aria-label", said || "Nothing is shown");
  }

  // Returns what is shown, in words.
  #drawLayout(layout) {
    const width = this.#canvas.width - 2 * MARGIN;
    switch (layout.layoutType) {
      case "text_wall":
        return this.#text(layout.text, MARGIN, MARGIN, width, 5);
      case "double_text_wall":
        return `${this.#text(layout.topText, MARGIN, 8, width, 2)}\n${this.#text(layout.bottomText, MARGIN, 104, width, 2)}`;
      case "reference_card":
        this.#context.fillRect(MARGIN, 50, width, 2);
        return `${this.#text(layout.title, MARGIN, 8, width, 1)}\n${this.#text(layout.text, MARGIN, 56, width, 3)}`;
      case "dashboard_card":
        return `${this.#text(layout.leftText, MARGIN, MARGIN, width / 2 - 8, 5)}\n${this.#text(layout.rightText, 328, MARGIN, width / 2 - 8, 5)}`;
      case "bitmap_view":
        drawPicture(this.#canvas, layout.data, GREEN);
        return "A picture";
      case "bitmap_animation":
        this.#play(layout);
        return `${layout.frames.length} pictures in turn`;
      default:
        return "";
    }
  }

  #play({ frames, interval, repeat }) {
    let next = 0;
    const step = () => {
      if (next === frames.length && !repeat) return clearInterval(this.#animation);
      drawPicture(this.#canvas, frames[next++ % frames.length], GREEN);
    };
    step();
    this.#animation = setInterval(step, Math.max(interval ?? 200, 50));
  }

  #text(text, x, y, width, lines) {
    const filled = fillTokens(text ?? "");
    wrap(this.#context, filled, width).slice(0, lines).forEach((line, row) => this.#context.fillText(line, x, y + LINE * (row + 0.5)));
    return filled;
  }
}

// Phones replace these tokens in any text.
function fillTokens(text, now = new Date()) {
  const time = (options) => now.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", ...options });
  const values = { $DATE$: `${now.getMonth() + 1}/${now.getDate()}`, $TIME12$: time({ hour12: true }), $TIME24$: time({ hour12: false }), $GBATT$: `${document.getElementById("battery").value}%` };
  return text.replace(/\$(?:DATE|TIME12|TIME24|GBATT)\$/g, (token) => values[token]);
}

function wrap(context, text, width) {
  return text.split("\n").flatMap((paragraph) => {
    const lines = [""];
    for (const word of paragraph.split(" ")) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  });
}
