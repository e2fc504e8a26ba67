/** Family B: AppServer of @mentra/sdk 3.0.0-alpha.4 on Bun. */
import { AppServer, AppSession } from "@mentra/sdk";
import { probeClass, serveTest } from "../legacy_app.mjs";
import { settings } from "../probe_io.mjs";
import { serve } from "./bun_server.mjs";

// It brings its log by https whatever the scheme of the socket; the cloud of a test has no TLS before it.
AppSession.convertToHttps = (url) => url.replace(/^ws/, "http");

const Probe = probeClass(AppServer);
serveTest();
await serve(new Probe(settings));
