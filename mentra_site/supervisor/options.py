"""What the operator asked `up` for, and the addresses that follow from it."""

import argparse
from dataclasses import dataclass
from pathlib import Path

WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class UpOptions:
    """The command line of `up`; ports are those of the nodes in order."""

    host: str
    port: int
    nodes: int
    server: str
    data_dir: Path
    demo: bool
    speech_workers: int = 1
    media: bool = False

    @property
    def ports(self) -> list[int]:
        return [self.port + index for index in range(self.nodes)]

    @property
    def url(self) -> str:
        """Address of the first node, as a client on this machine writes it."""
        return self.address(self.port)

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK

    def address(self, port: int) -> str:
        host = WILDCARDS.get(self.host, self.host)
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def node_url(self, port: int, public_url: str) -> str:
        """Return the address that leads app servers to one node.

        A public address of its own means a proxy or a tunnel: the node's port may not be reachable then.
        """
        return self.address(port) if public_url == self.url else public_url


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `up` (architecture §6)."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=_port, default=8000, help="port of the first node; node i listens on port+i"
    )
    parser.add_argument("--nodes", type=_count, default=1, help="how many nodes")
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    parser.add_argument(
        "--speech-workers", type=_count_or_none, default=1, help="how many speech workers; 0 for none"
    )
    parser.add_argument(
        "--media",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="run a media server for live video: HTTP on port+100, RTMP on port+101, SRT from port+102 on",
    )
    parser.add_argument(
        "--data-dir", help="folder for database, secrets and Redis (default: MENTRA_DATA_DIR or var)"
    )
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="load a developer, a user and an installed app, and run that app",
    )


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:  # noqa: PLR2004
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return port


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least one node is needed")
    return count


def _count_or_none(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError("a number of processes is 0 or more")
    return count
