# --8<-- [start:hello]
import os

from mentra_sdk import MentraSession, MiniAppServer
from mentra_sdk.events import ButtonPress, Transcription

app = MiniAppServer(
    package_name="com.example.first",
    api_key=os.environ["API_KEY"],
    port=3000,
)


@app.on_session
async def meet(session: MentraSession) -> None:
    session.display.show_text_wall("Hello, glasses!")
    # --8<-- [end:hello]
    # --8<-- [start:remember]
    visits = int(await session.storage.get("visits") or 0) + 1
    session.storage.set("visits", str(visits))
    session.display.show_text_wall(f"Visit number {visits}")
    # --8<-- [end:remember]
    # --8<-- [start:react]

    def pressed(press: ButtonPress) -> None:
        session.display.show_text_wall(f"You pressed {press.button_id}.")

    def heard(speech: Transcription) -> None:
        session.display.show_text_wall(speech.text)

    session.device.on_button_press(pressed)
    session.transcription.on(heard)
    # --8<-- [end:react]


# --8<-- [start:run]
if __name__ == "__main__":
    app.run()
# --8<-- [end:run]
