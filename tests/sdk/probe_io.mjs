/**
 * How a probe app talks to the test that drives it: settings from the environment, one "PROBE {json}" line on
 * standard output for everything that happens, one {"do": …} line on standard input for everything it shall do.
 */
import { writeSync } from "node:fs";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";

export const settings = {
  packageName: process.env.PROBE_PACKAGE,
  apiKey: process.env.PROBE_API_KEY,
  port: Number(process.env.PROBE_PORT),
  cloudApiUrl: process.env.PROBE_CLOUD_URL,
  streams: (process.env.PROBE_STREAMS ?? "").split(" ").filter(Boolean),
};

/** Tell the test that `event` happened, `at` this unix time in milliseconds. */
export function report(event, fields = {}) {
  const at = performance.timeOrigin + performance.now();
  writeSync(1, `PROBE ${JSON.stringify({ event, at, ...fields })}\n`);
}

/** Tell the test what a subscribed stream brought; sound is told by its length and hash. */
export function reportData(stream, userId, data) {
  const sound = [data?.arrayBuffer, data?.data].find((part) => part instanceof ArrayBuffer);
  if (!sound) return report("data", { stream, userId, data });
  const bytes = Buffer.from(sound);
  report("data", { stream, userId, data: { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") } });
}

/** Ask for a photo and tell the test, when it is settled, what came: the picture by its length and hash, or the address. */
export function reportPhoto(call, ask) {
  const tell = (fields) => report("photo", { call, ...fields });
  ask().then(
    ({ buffer, mimeType, url, width, height, savedToGallery }) =>
      buffer
        ? tell({ ok: true, mimeType, bytes: buffer.length, sha256: createHash("sha256").update(buffer).digest("hex") })
        : tell({ ok: true, url, width, height, savedToGallery }),
    (error) => tell({ ok: false, message: String(error?.message ?? error) }),
  );
}

/** Do what a tool is for: `echo` says its text back, any other fails. */
export function answerTool(toolId, parameters) {
  if (toolId === "echo") return `you said ${parameters.text}`;
  throw new Error("the probe cannot do that");
}

/** Play a sound and tell the test, when it is settled, what came of it. */
export function reportPlayed(call, play) {
  const tell = (fields) => report("played", { call, ...fields });
  play().then(
    ({ success = true, error, duration }) => tell({ ok: success, message: error, duration }),
    (error) => tell({ ok: false, message: String(error?.message ?? error) }),
  );
}

/** Write so many pieces of so many bytes into a speaker stream, each filled with its number. */
export function writePieces(stream, { pieces, size }) {
  for (let number = 0; number < pieces; number++) stream.write(new Uint8Array(size).fill(number));
}

/** Tell the test of a status of a stream, which is one of two kinds of message. */
export function reportStreamStatus({ type, status, streamId, errorDetails, message, stats }) {
  report("stream", { kind: type, status, streamId, why: errorDetails ?? message ?? null, stats: stats ?? null });
}

/** Ask for a managed stream and tell the test, when it is settled, where it can be watched. */
export function reportManaged(ask) {
  ask().then(
    ({ hlsUrl, dashUrl, streamId }) => report("managed", { ok: true, hlsUrl, dashUrl, streamId }),
    (error) => report("managed", { ok: false, message: String(error?.message ?? error) }),
  );
}

/** Run `commands[name](arguments)` for each line {"do": name, …}; leave when the test closes standard input. */
export function obey(commands) {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", async (line) => {
    const { do: name, ...rest } = JSON.parse(line);
    try {
      await commands[name](rest);
      report("done", { command: name });
    } catch (error) {
      report("failed", { command: name, message: String(error?.message ?? error) });
    }
  });
  lines.on("close", () => process.exit(0));
}
