/** Family B: AppServer of @mentra/sdk 3.0.0-alpha.4 on Bun. */
import { AppServer } from "@mentra/sdk";
import { probeClass, serveTest } from "../legacy_app.mjs";
import { settings } from "../probe_io.mjs";
import { serve } from "./bun_server.mjs";

const Probe = probeClass(AppServer);
serveTest();
await serve(new Probe(settings));
