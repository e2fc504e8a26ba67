/** Serves an app of @mentra/sdk 3 with Bun and reports how each webhook was answered. */
import { getMentraAuth } from "@mentra/sdk";
import { report, settings } from "../probe_io.mjs";

export async function serve(app) {
  app.get("/who", (context) => context.json({ userId: getMentraAuth(context).userId }));
  Bun.serve({
    hostname: "127.0.0.1",
    port: settings.port,
    idleTimeout: 60,
    async fetch(request, server) {
      if (new URL(request.url).pathname !== "/webhook") return app.fetch(request, server);
      const { type } = await request.clone().json();
      const response = await app.fetch(request, server);
      report("webhook", { type, status: response.status });
      return response;
    },
  });
  report("listening", { port: settings.port });
  await app.start();
}
