"""The compose file: each container runs what there is, under names and ports that fit together."""

import re
from pathlib import Path
from typing import Any

import pytest

from mentra_site.servers.stopping import LONGEST_STOP_SECONDS
from tests.deploy.reading import (
    DEPLOY,
    REQUIRED,
    command_of,
    parse_command,
    read_env,
    read_yaml,
    stages,
    unknown_settings,
)

FOLDER = DEPLOY / "compose"
TEXT = (FOLDER / "compose.yaml").read_text()
SERVICES: dict[str, dict[str, Any]] = read_yaml(FOLDER / "compose.yaml")[0]["services"]
ENV = read_env(FOLDER / "env.example")
PROXY = (FOLDER / "cloud.conf.template").read_text()
OURS = {name: one for name, one in SERVICES.items() if "build" in one}
NODES = {name: one for name, one in OURS.items() if name.startswith("node-")}


def test_there_is_a_service_for_each_process() -> None:
    needed = {
        "proxy",
        "node-1",
        "node-2",
        "worker",
        "beat",
        "speech",
        "media",
        "migrate",
        "database",
        "redis",
    }
    assert set(SERVICES) == needed


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_a_command_there_is(name: str) -> None:
    service = OURS[name]
    stage = stages()[service["build"]["target"]]
    assert parse_command(service.get("command") or command_of(stage))
    assert (
        service["image"].partition(":")[0].endswith({"cloud": "-cloud"}.get(service["build"]["target"], name))
    )


@pytest.mark.parametrize("name", OURS)
def test_a_service_is_told_what_production_requires(name: str) -> None:
    environment = OURS[name]["environment"]
    assert unknown_settings(environment) == []
    assert {*ENV, *environment} >= REQUIRED


def test_the_example_names_only_what_is_read() -> None:
    put_in = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    assert put_in - {"RELEASE"} <= set(ENV)
    assert unknown_settings(set(ENV) - put_in) == []
    assert all(
        not ENV[name] for name in ("DJANGO_SECRET_KEY", "AUGMENTOS_AUTH_JWT_SECRET", "POSTGRES_PASSWORD")
    )


@pytest.mark.parametrize("name", NODES)
def test_a_node_has_a_name_and_addresses_of_its_own(name: str) -> None:
    environment = NODES[name]["environment"]
    (port,) = NODES[name]["ports"]
    (pattern,) = re.findall(r"\(\?<node>(\S+?)\)\(", PROXY)
    assert environment["NODE_ID"] == name
    assert re.fullmatch(pattern, name)
    assert environment["NODE_PUBLIC_URL"].endswith(f"}}/{name}")
    assert port == "{0}:{0}/udp".format(environment["UDP_PORT"])
    assert len({one["environment"]["UDP_PORT"] for one in NODES.values()}) == len(NODES)


def test_the_proxy_calls_nodes_where_they_listen() -> None:
    port = parse_command(command_of(stages()["cloud"]))["port"]
    assert set(re.findall(r"proxy_pass http://\$(?:one|any):(\d+)", PROXY)) == {str(port)}
    aliases = {alias for one in NODES.values() for alias in one["networks"]["inside"]["aliases"]}
    assert set(re.findall(r"set \$any (\w+);", PROXY)) == aliases
    assert {"8080", "8443"} == {one.partition(":")[2] for one in SERVICES["proxy"]["ports"]}
    assert set(re.findall(r"listen (\d+)", PROXY)) == {"8080", "8443"}


def test_nodes_start_after_the_tables_and_have_time_to_drain() -> None:
    for node in NODES.values():
        assert node["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert int(node["stop_grace_period"].removesuffix("s")) > LONGEST_STOP_SECONDS + 5


def test_there_is_one_clock_and_all_of_ours_are_shut_in() -> None:
    assert "deploy" not in SERVICES["beat"]
    for service in OURS.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]


def test_folders_of_volumes_are_made_in_the_image() -> None:
    targets = {volume.rpartition(":")[2] for one in OURS.values() for volume in one["volumes"]}
    assert [folder for folder in targets if folder not in stages()["runtime"]] == []
    assert Path(FOLDER / OURS["worker"]["build"]["context"]).resolve() == DEPLOY.parent
