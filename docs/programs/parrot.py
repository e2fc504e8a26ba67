import os

from mentra_sdk import MentraSession, MiniAppServer


async def repeat(session: MentraSession) -> None:
    """Show what is said, in capitals if the wearer wants that."""

    def show(text: str) -> None:
        session.display.show_text_wall(text.upper() if session.settings.get("loud") else text)

    session.transcription.on(lambda speech: show(speech.text))
    session.on_reconnected(lambda: show("Here I am again"))
    show("I am listening")


def build_app() -> MiniAppServer:
    app = MiniAppServer(package_name="com.example.parrot", api_key=os.environ.get("API_KEY", ""), port=3000)
    app.on_session(repeat)
    return app


if __name__ == "__main__":
    build_app().run()
