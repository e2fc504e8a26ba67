// Where the phone is: a map to click or steer by keys, cities, coordinates; reported as often as the cloud asks.
import { $, whenSent } from "./page.js";
import { locationUpdate } from "./messages.js";

// How old a position of each tier may be, in seconds (streams-and-permissions §13): so often it is told.
const PERIODS = { realtime: 1, high: 10, standard: 30, tenMeters: 30, hundredMeters: 60, kilometer: 300, threeKilometers: 900, reduced: 900 };
const CITIES = { Berlin: [52.52, 13.405], "New York": [40.713, -74.006], "San Francisco": [37.775, -122.419], "São Paulo": [-23.551, -46.633], Nairobi: [-1.286, 36.817], Mumbai: [19.076, 72.878], Singapore: [1.352, 103.82], Tokyo: [35.682, 139.759], Sydney: [-33.869, 151.209] };
const STEPS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const FAR = 10;
const SETTLED_MS = 250;
const ACCURACY_METRES = 10;

export class Position {
  #tell;
  #map = $("map");
  #timer = null;
  #settling = null;

  // `tell` is `send` that does not mind when there is no connection.
  constructor(send, tell) {
    this.#tell = tell;
    for (const city of Object.keys(CITIES)) $("city").add(new Option(city));
    $("city").addEventListener("change", () => this.#moveTo(...CITIES[$("city").value]));
    this.#map.addEventListener("click", (event) => this.#moveTo(...this.#placeOf(event)));
    this.#map.addEventListener("keydown", (event) => this.#steer(event));
    for (const id of ["lat", "lng"]) $(id).addEventListener("input", () => this.#mark());
    whenSent("move", () => send(locationUpdate(this.now())));
    this.#mark();
  }

  now() {
    return { lat: Number($("lat").value), lng: Number($("lng").value), accuracy: ACCURACY_METRES };
  }

  report() {
    this.#tell(locationUpdate(this.now()));
  }

  // Tell the position as often as a tier wants it, now at first; null ends it.
  follow(tier) {
    clearInterval(this.#timer);
    $("tier").textContent = tier ? `the cloud follows: ${tier}` : "nobody follows";
    if (!tier) return;
    this.report();
    this.#timer = setInterval(() => this.report(), (PERIODS[tier] ?? PERIODS.standard) * 1000);
  }

  #placeOf(event) {
    const box = this.#map.getBoundingClientRect();
    return [90 - ((event.clientY - box.top) / box.height) * 180, ((event.clientX - box.left) / box.width) * 360 - 180];
  }

  #steer(event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const { lat, lng } = this.now();
    const by = event.shiftKey ? FAR : 1;
    this.#moveTo(lat + step[0] * by, lng + step[1] * by);
  }

  #moveTo(lat, lng) {
    $("lat").value = round(Math.max(-90, Math.min(90, lat)));
    $("lng").value = round(((lng + 540) % 360) - 180);
    this.#mark();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.report(), SETTLED_MS);
  }

  #mark() {
    const { lat, lng } = this.now();
    this.#map.style.setProperty("--x", `${((lng + 180) / 360) * 100}%`);
    this.#map.style.setProperty("--y", `${((90 - lat) / 180) * 100}%`);
    $("map-place").textContent = `${Math.abs(lat)}° ${lat < 0 ? "south" : "north"}, ${Math.abs(lng)}° ${lng < 0 ? "west" : "east"}`;
  }
}

const round = (degrees) => Math.round(degrees * 10_000) / 10_000;
