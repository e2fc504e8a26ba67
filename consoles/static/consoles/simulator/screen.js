// The display: as many dots as the model has, green on black. Draws the layouts of app-socket §7.1, keeps both views.
import { drawPicture } from "./pictures.js";

const GREEN = "#4dff6a";
const MARGIN = 16;
const FONT = "Inter, system-ui, sans-serif";
const USUAL = { resolution: { width: 640, height: 200 }, maxTextLines: 5, canDisplayBitmap: true };

export class Screen {
  #canvas;
  #context;
  #owner;
  #viewName;
  #views = {};
  #view = "main";
  #animation = null;
  #lines = USUAL.maxTextLines;
  #line = 36;
  #hasPictures = true;
  #isAbsent = false;
  #turn = 0;

  constructor(canvas, owner, viewName) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#owner = owner;
    this.#viewName = viewName;
  }

  // Take the size of a model's display, of the usual one for a model that has none.
  become(display) {
    const { resolution, maxTextLines, canDisplayBitmap } = display ?? USUAL;
    [this.#canvas.width, this.#canvas.height] = [resolution.width, resolution.height];
    this.#lines = maxTextLines;
    this.#line = Math.floor((resolution.height - 20) / maxTextLines);
    this.#hasPictures = canDisplayBitmap;
    this.#isAbsent = display === null;
    this.look(this.#view);
  }

  show(event) {
    this.#views[event.view] = event;
    if (event.view === this.#view) this.#draw();
  }

  look(view) {
    this.#view = view;
    this.#viewName.textContent = this.#isAbsent ? `${view} view; this model has no display` : `${view} view`;
    this.#draw();
  }

  clear() {
    this.#context.fillStyle = "#000";
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#context.fillStyle = GREEN;
    this.#context.font = `500 ${Math.min(40, Math.round(this.#line * 0.78))}px ${FONT}`;
    this.#context.textBaseline = "middle";
  }

  #draw() {
    clearInterval(this.#animation);
    this.#turn += 1;
    this.clear();
    const event = this.#views[this.#view];
    this.#owner.textContent = event?.packageName ?? "–";
    const said = event ? this.#drawLayout(event.layout) : "";
    this.#canvas.setAttribute("aria-label", said || "Nothing is shown");
  }

  // Returns what is shown, in words.
  #drawLayout(layout) {
    const [width, middle] = [this.#canvas.width - 2 * MARGIN, this.#canvas.height / 2];
    const column = width / 2 - MARGIN / 2;
    const half = Math.floor(this.#lines / 2);
    switch (layout.layoutType) {
      case "text_wall":
        return this.#text(layout.text, MARGIN, MARGIN, width, this.#lines);
      case "double_text_wall":
        return `${this.#text(layout.topText, MARGIN, 8, width, half)}\n${this.#text(layout.bottomText, MARGIN, middle + 4, width, half)}`;
      case "reference_card":
        this.#context.fillRect(MARGIN, this.#line + 14, width, 2);
        return `${this.#text(layout.title, MARGIN, 8, width, 1)}\n${this.#text(layout.text, MARGIN, this.#line + 20, width, this.#lines - 2)}`;
      case "dashboard_card":
        return `${this.#text(layout.leftText, MARGIN, MARGIN, column, this.#lines)}\n${this.#text(layout.rightText, this.#canvas.width / 2 + MARGIN / 2, MARGIN, column, this.#lines)}`;
      case "bitmap_view":
      case "bitmap_animation":
        return this.#picture(layout);
      default:
        return "";
    }
  }

  #picture(layout) {
    if (!this.#hasPictures) return this.#text("[these glasses show no pictures]", MARGIN, MARGIN, this.#canvas.width, 1);
    if (layout.layoutType === "bitmap_animation") {
      this.#play(layout);
      return `${layout.frames.length} pictures in turn`;
    }
    this.#drawPicture(layout.data);
    return "A picture";
  }

  #drawPicture(data) {
    const turn = this.#turn;
    drawPicture(this.#canvas, data, GREEN, () => turn === this.#turn);
  }

  #play({ frames, interval, repeat }) {
    let next = 0;
    const step = () => {
      if (next === frames.length && !repeat) return clearInterval(this.#animation);
      this.#drawPicture(frames[next++ % frames.length]);
    };
    step();
    this.#animation = setInterval(step, Math.max(interval ?? 200, 50));
  }

  #text(text, x, y, width, lines) {
    const filled = fillTokens(text ?? "");
    wrap(this.#context, filled, width).slice(0, lines).forEach((line, row) => this.#context.fillText(line, x, y + this.#line * (row + 0.5)));
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
