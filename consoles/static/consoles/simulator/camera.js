// The camera: pictures from the webcam, a file or a drawn test picture, and every way in which one can fail.
import { $, openMedia, post, root, whenChosen } from "./page.js";

const WIDTHS = { small: 640, medium: 1280, large: 1920, full: Infinity };
const QUALITIES = { none: 0.92, medium: 0.75, heavy: 0.5 };
const TEST_PICTURE = [1280, 720];
export const FAILURES = {
  CAMERA_BUSY: "The camera is in use",
  PERMISSION_DENIED: "The wearer did not allow a photo",
  CAMERA_CAPTURE_FAILED: "The camera took no picture",
  BLE_TRANSFER_TIMEOUT: "The picture did not get from the glasses to the phone",
  UPLOAD_FAILED: "The phone could not upload the picture",
  STORAGE_FULL: "The glasses have no room left",
};

export class Camera {
  #source = $("camera-source");
  #file = null;
  #film = $("camera-film");
  #filming = null;

  constructor(onProblem) {
    this.#source.addEventListener("change", () => this.#prepare().catch(onProblem));
    whenChosen("camera-file", (file) => { this.#file = file; });
  }

  // Take a photo and bring it to the app; resolves to what went wrong, {} when nothing did.
  async answer({ requestId, appId, size, compress }) {
    const failure = FAILURES[this.#source.value] ? { code: this.#source.value, message: FAILURES[this.#source.value] } : null;
    const form = new FormData();
    form.set("requestId", requestId);
    try {
      if (failure) {
        form.set("errorCode", failure.code);
        form.set("errorMessage", failure.message);
      } else {
        form.set("photo", await this.#take(size, compress), "photo.jpg");
      }
      await post(root.dataset.photoUrl, form);
      $("camera-caption").textContent = failure ? `${appId} was told: ${failure.message}.` : `Taken for ${appId}.`;
    } catch (problem) {
      $("camera-caption").textContent = `The photo for ${appId} failed: ${problem.message}`;
      return failure ?? { code: "UPLOAD_FAILED", message: problem.message };
    }
    return failure ?? {};
  }

  // Play that the camera streams: no video is made. Returns what goes wrong, if that was chosen.
  startFilm({ streamId, streamUrl, appId }) {
    const failure = FAILURES[this.#source.value];
    if (failure) return `${this.#source.value}: ${failure}`;
    this.#filming = streamId;
    $("camera-caption").textContent = `${appId} streams to ${hostOf(streamUrl)}. No video is sent from here.`;
    return null;
  }

  films(streamId) {
    return this.#filming === streamId;
  }

  stopFilm(streamId) {
    if (!this.films(streamId)) return;
    this.#filming = null;
    $("camera-caption").textContent = "The stream has ended.";
  }

  async #prepare() {
    const kind = this.#source.value;
    $("camera-file-row").hidden = kind !== "file";
    this.#film.hidden = kind !== "webcam";
    this.#film.srcObject?.getTracks().forEach((track) => track.stop());
    this.#film.srcObject = kind === "webcam" ? await openMedia({ video: { width: 1920 } }) : null;
    if (kind !== "webcam") return;
    await this.#film.play();
    $("camera-caption").textContent = "The webcam is on.";
  }

  async #take(size = "medium", compress = "none") {
    const [picture, width, height] = await this.#look();
    const scale = Math.min(1, (WIDTHS[size] ?? WIDTHS.medium) / width);
    const canvas = $("camera-picture");
    canvas.hidden = false;
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITIES[compress] ?? QUALITIES.none));
  }

  async #look() {
    if (this.#source.value === "webcam") return [this.#film, this.#film.videoWidth, this.#film.videoHeight];
    if (this.#source.value === "file") {
      if (!this.#file) throw new Error("No picture was chosen.");
      const picture = await createImageBitmap(this.#file).catch(() => { throw new Error("The file is no picture the browser reads."); });
      return [picture, picture.width, picture.height];
    }
    return [drawTestPicture(), ...TEST_PICTURE];
  }
}

// What comes after the host is a key.
function hostOf(url) {
  return /^[a-z]+:\/\/(?:[^/?@]*@)?([^/?]+)/.exec(url)?.[1] ?? "an address";
}

// Bars of colour with the time on them, so that two photos differ.
function drawTestPicture() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = TEST_PICTURE;
  const context = canvas.getContext("2d");
  const colours = ["#f8fafc", "#facc15", "#22d3ee", "#4ade80", "#e879f9", "#f87171", "#3b82f6", "#0f172a"];
  const width = canvas.width / colours.length;
  colours.forEach((colour, column) => {
    context.fillStyle = colour;
    context.fillRect(column * width, 0, width, canvas.height);
  });
  context.fillStyle = "#000c";
  context.fillRect(0, 300, canvas.width, 120);
  context.fillStyle = "#fff";
  context.font = "600 64px Inter, system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(`Test picture ${new Date().toLocaleTimeString()}`, canvas.width / 2, 360);
  return canvas;
}
