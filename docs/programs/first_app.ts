// --8<-- [start:hello]
import { MiniAppServer } from "@mentra/sdk";

const app = new MiniAppServer({
  packageName: "com.example.first",
  apiKey: process.env.API_KEY,
  port: 3000,
  cloudApiUrl: "http://127.0.0.1:8000",
});

app.onSession(async (session) => {
  session.display.showTextWall("Hello, glasses!");
  // --8<-- [end:hello]
  // --8<-- [start:remember]
  const visits = Number((await session.storage.get("visits")) ?? 0) + 1;
  await session.storage.set("visits", String(visits));
  session.display.showTextWall(`Visit number ${visits}`);
  // --8<-- [end:remember]
  // --8<-- [start:react]

  session.device.onButtonPress((press) => {
    session.display.showTextWall(`You pressed ${press.buttonId}.`);
  });
  session.transcription.on((speech) => {
    session.display.showTextWall(speech.text);
  });
  // --8<-- [end:react]
  // --8<-- [start:run]
});

await app.start();
Bun.serve({ port: 3000, fetch: app.fetch });
// --8<-- [end:run]
