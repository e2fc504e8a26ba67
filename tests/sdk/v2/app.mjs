/** Family A: AppServer of @mentra/sdk 2.1.29 on Node. */
import { AppServer } from "@mentra/sdk";
import { probeClass, serveTest } from "../legacy_app.mjs";
import { report, settings } from "../probe_io.mjs";

const Probe = probeClass(AppServer);
const app = new Probe(settings);

const express = app.getExpressApp();
const handle = express.handle.bind(express);
express.handle = (request, response, next) => {
  response.on("finish", () => {
    if (request.path === "/webhook") report("webhook", { type: request.body?.type, status: response.statusCode });
  });
  handle(request, response, next);
};
express.get("/who", (request, response) => response.json({ userId: request.authUserId ?? null }));
const listen = express.listen.bind(express);
express.listen = (port, then) =>
  listen(port, "127.0.0.1", () => {
    report("listening", { port });
    then();
  });

serveTest();
await app.start();
