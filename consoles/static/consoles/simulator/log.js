// Every message in and out, newest first; bounded, filterable, errors in red. Sound is counted, not listed.
const MOST = 500;

export class Log {
  #list;
  #filter;
  #counter;
  #bytes = 0;
  #frames = 0;

  constructor(list, filter, counter) {
    this.#list = list;
    this.#filter = filter;
    this.#counter = counter;
    filter.addEventListener("input", () => this.#apply());
  }

  add(way, text) {
    const message = JSON.parse(text);
    const isError = /error|rejected|denied/.test(message.type) || message.success === false || Boolean(message.error);
    this.#put(way, message.type, JSON.stringify(message, null, 2), isError);
  }

  note(text) {
    this.#put("note", text, "", true);
  }

  countSound(bytes) {
    this.#bytes += bytes;
    this.#frames += 1;
    this.#counter.textContent = `${this.#frames} frames of sound sent, ${(this.#bytes / 32_000).toFixed(1)} s`;
  }

  clear() {
    this.#list.replaceChildren();
  }

  #put(way, title, body, isError) {
    const item = document.createElement("li");
    item.className = `sim-${way}`;
    item.classList.toggle("sim-error", isError);
    item.dataset.text = `${title} ${body}`.toLowerCase();
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    const time = document.createElement("time");
    time.textContent = new Date().toISOString().slice(11, 23);
    summary.append(time, `${{ in: "←", out: "→", note: "!" }[way]} ${title}`);
    const payload = document.createElement("pre");
    payload.textContent = body;
    details.append(summary, payload);
    item.append(details);
    this.#list.prepend(item);
    while (this.#list.childElementCount > MOST) this.#list.lastElementChild.remove();
    this.#applyTo(item);
  }

  #apply() {
    for (const item of this.#list.children) this.#applyTo(item);
  }

  #applyTo(item) {
    item.hidden = !item.dataset.text.includes(this.#filter.value.trim().toLowerCase());
  }
}
