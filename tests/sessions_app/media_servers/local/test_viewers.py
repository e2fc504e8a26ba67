"""Players are counted as long as they fetch lists."""

from sessions_app.media_servers.local.viewers import LATELY_SECONDS, Viewers


def test_each_player_counts_once_and_only_for_a_while() -> None:
    viewers = Viewers()
    for who, at in (("a", 0.0), ("a", 2.0), ("b", 4.0)):
        viewers.saw("film", who, at)

    assert viewers.count("film", 5.0) == 2
    assert viewers.count("film", 3.0 + LATELY_SECONDS) == 1
    assert viewers.count("film", 5.0 + LATELY_SECONDS) == 0
    assert viewers.count("another", 5.0) == 0


def test_a_removed_film_has_no_viewers() -> None:
    viewers = Viewers()
    viewers.saw("film", "a", 0.0)
    viewers.forget("film")

    assert viewers.count("film", 0.0) == 0
