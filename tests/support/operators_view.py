"""What an operator sees of a running cloud: the numbers of /metrics, and what lies in its Redis."""

import re
import urllib.request
from collections.abc import Iterator

from redis import Redis

from mentra_site.settings.data_folder import private_redis_url
from tests.support.cloud import Cloud

_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? ([-+.e\d]+)$")


def scrape(cloud: Cloud, node: int = 0) -> dict[str, float]:
    """Return every sample of a node's /metrics as `name{label="value"}` → number."""
    with urllib.request.urlopen(f"http://127.0.0.1:{cloud.port + node}/metrics", timeout=20) as answer:
        lines = answer.read().decode().splitlines()
    return {
        f"{found[1]}{{{found[2]}}}" if found[2] else found[1]: float(found[3])
        for line in lines
        if (found := _SAMPLE.match(line))
    }


def in_memory(cloud: Cloud, node: int = 0) -> dict[str, int]:
    """Return what a node has in memory, by kind, with its open and its parked sockets."""
    held = {}
    for name, number in scrape(cloud, node).items():
        family, _, labels = name.partition("{")
        if family in ("mentra_in_memory", "mentra_open_sockets", "mentra_parked_sockets"):
            kind = labels.split('"')[1]
            held[kind if family == "mentra_in_memory" else f"{family} {kind}"] = int(number)
    return held


class RedisView:
    """The private Redis of a cloud: names of keys and of channels somebody listens to."""

    def __init__(self, cloud: Cloud) -> None:
        self._redis = Redis.from_url(private_redis_url(cloud.data_dir), decode_responses=True)

    def keys(self) -> set[str]:
        return set(self._scan())

    def channels(self) -> dict[str, int]:
        """Return the channels of groups and processes, each with the number of its listeners."""
        listeners = self._redis.pubsub_numsub(*self._redis.pubsub_channels())
        return {str(channel): number for channel, number in listeners}

    def close(self) -> None:
        self._redis.close()

    def _scan(self) -> Iterator[str]:
        yield from self._redis.scan_iter(count=1000)
