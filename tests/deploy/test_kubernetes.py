"""The manifests: their form, and that names, ports, probes and settings fit the product and one another."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from mentra_site.asgi import PROBES
from mentra_site.servers.stopping import LONGEST_STOP_SECONDS
from mentra_site.settings.media_server import MEDIA_SERVER_PORT
from sessions_app.outbound import metrics
from tests.deploy.reading import (
    DEPLOY,
    REQUIRED,
    parse_command,
    read_env,
    read_yaml,
    stages,
    unknown_settings,
    walk,
)

FOLDER = DEPLOY / "kubernetes"
BASE = FOLDER / "base"
EXAMPLE = FOLDER / "overlays" / "example"
KUSTOMIZATIONS = sorted(FOLDER.rglob("kustomization.yaml"))
OVERLAY = read_yaml(EXAMPLE / "kustomization.yaml")[0]
GATEWAY = (BASE / "gateway.conf.template").read_text()
Document = dict[str, Any]


def resources() -> Iterator[tuple[Path, Document]]:
    """Yield every resource that a kustomization lists, with its file."""
    for kustomization in KUSTOMIZATIONS:
        for name in read_yaml(kustomization)[0].get("resources", []):
            if (file := kustomization.parent / name).is_file():
                yield from ((file, document) for document in read_yaml(file))


RESOURCES = list(resources())
NAMED = {(document["kind"], document["metadata"]["name"]): document for _, document in RESOURCES}
NODE = NAMED["StatefulSet", "node"]
PODS = {
    name: document["spec"]["template"]
    for (_, name), document in NAMED.items()
    if "template" in document.get("spec", {})
}
CONTAINERS = {
    (name, one["name"]): one
    for name, pod in PODS.items()
    for one in (*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"])
}
OURS = {key: one for key, one in CONTAINERS.items() if one["image"].startswith("open-glasses-cloud")}


@pytest.mark.parametrize(
    ("file", "document"), RESOURCES, ids=[f"{d['kind']}-{d['metadata']['name']}" for _, d in RESOURCES]
)
def test_a_resource_has_the_form_that_kubernetes_specifies(file: Path, document: Document) -> None:
    kubernetes_validate.validate(document, "1.31", strict=True)


def test_every_file_belongs_to_a_kustomization() -> None:
    told = "\n".join(file.read_text() for file in KUSTOMIZATIONS)
    others = [file for file in FOLDER.rglob("*") if file.is_file() and file not in KUSTOMIZATIONS]
    assert [file.name for file in others if file.name not in told] == ["prometheus-adapter.values.yaml"]


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl here")
def test_the_example_is_built_as_it_is_applied() -> None:
    built = subprocess.run(
        ["kubectl", "kustomize", str(EXAMPLE)], capture_output=True, text=True, timeout=60, check=False
    )
    assert built.returncode == 0, built.stderr
    documents = list(yaml.safe_load_all(built.stdout))
    for document in documents:
        kubernetes_validate.validate(document, "1.31", strict=True)
        assert document["kind"] == "Namespace" or document["metadata"]["namespace"] == "glasses"
    (node,) = [one for one in documents if one["kind"] == "StatefulSet" and one["metadata"]["name"] == "node"]
    assert "replicas" not in node["spec"], "the autoscaler says how many"
    names = [one["name"] for one in node["spec"]["template"]["spec"]["containers"][0]["env"]]
    for first, later in (
        ("POD_INDEX", "UDP_PORT"),
        ("CLOUD_URL", "NODE_PUBLIC_URL"),
        ("NODE_ID", "NODE_PUBLIC_URL"),
    ):
        assert names.index(first) < names.index(later), "a variable is put into those that follow"


@pytest.mark.parametrize("key", OURS, ids="-".join)
def test_a_container_runs_a_command_there_is(key: tuple[str, str]) -> None:
    assert parse_command(OURS[key]["command"])


@pytest.mark.parametrize("key", OURS, ids="-".join)
def test_a_container_is_told_what_settings_read(key: tuple[str, str]) -> None:
    told = OURS[key].get("env", [])
    put_in = {name for one in told for name in re.findall(r"\$\((\w+)\)", one.get("value", ""))}
    assert unknown_settings({one["name"] for one in told} - put_in) == []
    assert put_in <= {one["name"] for one in told}
    assert [list(source)[0] for source in OURS[key]["envFrom"]] == ["configMapRef", "secretRef"]


def test_the_example_has_what_production_requires_and_nothing_unknown() -> None:
    merged = OVERLAY["configMapGenerator"][0]["literals"]
    names = {*read_env(BASE / "cloud.env"), *read_env(EXAMPLE / "secrets.env")}
    names |= {literal.partition("=")[0] for literal in merged}
    assert names >= REQUIRED
    assert unknown_settings(names) == []


@pytest.mark.parametrize("name", PODS)
def test_pods_are_shut_in(name: str) -> None:
    spec = PODS[name]["spec"]
    assert spec["securityContext"]["runAsNonRoot"]
    assert not spec["automountServiceAccountToken"]
    for container in (*spec.get("initContainers", ()), *spec["containers"]):
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"]
        assert security["capabilities"] == {"drop": ["ALL"]}


def test_nodes_are_asked_where_they_answer() -> None:
    node = CONTAINERS["node", "node"]
    probes = [node[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")]
    port = parse_command(node["command"])["port"]
    assert {probe["path"] for probe in probes} == {"/livez"} <= set(PROBES)
    assert {probe["port"] for probe in probes} == {"http"}
    assert node["ports"] == [{"name": "http", "containerPort": port}]
    annotations = PODS["node"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(port)
    assert annotations["prometheus.io/path"] in PROBES
    assert set(re.findall(r"proxy_pass http://\$(?:one|any):(\d+)", GATEWAY)) == {str(port)}


def test_a_node_has_time_to_be_forgotten_and_to_drain() -> None:
    _, seconds = CONTAINERS["node", "node"]["lifecycle"]["preStop"]["exec"]["command"]
    assert PODS["node"]["spec"]["terminationGracePeriodSeconds"] > int(seconds) + LONGEST_STOP_SECONDS + 5


def test_the_gateway_finds_nodes_by_the_names_they_have() -> None:
    (pattern,) = re.findall(r"\(\?<node>(\S+?)\)\(", GATEWAY)
    service = NODE["spec"]["serviceName"]
    assert re.fullmatch(pattern, f"{NODE['metadata']['name']}-0")
    assert f"$node.{service}.${{NAMESPACE}}.svc.cluster.local" in GATEWAY
    assert NAMED["Service", service]["spec"]["clusterIP"] == "None"


def test_whatever_selects_pods_finds_some() -> None:
    labels = [
        pod["metadata"]["labels"] | {"app.kubernetes.io/part-of": "open-glasses-cloud"}
        for pod in PODS.values()
    ]
    labels += [
        {"statefulset.kubernetes.io/pod-name": f"node-{index}"} for index in range(NODE["spec"]["replicas"])
    ]
    labels += [{"kubernetes.io/metadata.name": name} for name in ("ingress-nginx", "monitoring")]
    for _, document in RESOURCES:
        for part in walk(document):
            for selector in filter(None, (part.get("matchLabels"), part.get("selector"))):
                wanted = selector.get("matchLabels", selector).items()
                assert any(wanted <= each.items() for each in labels), wanted


def test_there_is_one_clock() -> None:
    beat = NAMED["Deployment", "beat"]["spec"]
    assert (beat["replicas"], beat["strategy"]) == (1, {"type": "Recreate"})


def test_nodes_are_counted_by_a_metric_there_is() -> None:
    folder = FOLDER / "components" / "autoscaling"
    (rule,) = read_yaml(folder / "prometheus-adapter.values.yaml")[0]["rules"]["custom"]
    scaler = NAMED["HorizontalPodAutoscaler", "node"]["spec"]
    assert scaler["scaleTargetRef"] == {
        "apiVersion": NODE["apiVersion"],
        "kind": NODE["kind"],
        "name": "node",
    }
    assert scaler["metrics"][0]["pods"]["metric"]["name"] == rule["name"]["as"]
    assert rule["name"]["matches"] in {family.name for family in metrics.registry.collect()}


def test_each_node_has_a_port_for_sound_that_it_is_told() -> None:
    (patch,) = read_yaml(FOLDER / "components" / "udp" / "node.yaml")
    told = {one["name"]: one.get("value", "") for one in walk(patch) if "name" in one and "value" in one}
    policy = NAMED["NetworkPolicy", "phones-to-node"]["spec"]["ingress"][0]["ports"][0]
    most = NAMED["HorizontalPodAutoscaler", "node"]["spec"]["maxReplicas"]
    for index in range(NODE["spec"]["replicas"]):
        (port,) = NAMED["Service", f"node-{index}-udp"]["spec"]["ports"]
        assert port["protocol"] == "UDP"
        assert port["port"] == port["nodePort"] == int(told["UDP_PORT"].replace("$(POD_INDEX)", str(index)))
    assert policy["endPort"] - policy["port"] + 1 == most <= 10


def test_every_image_of_ours_has_a_place_and_a_stage() -> None:
    images = {one["image"] for one in OURS.values()}
    assert {one["name"] for one in OVERLAY["images"]} == images
    for image in images:
        assert (image.removeprefix("open-glasses-cloud").removeprefix("-") or "cloud") in stages()


def test_the_overlay_says_which_host_every_ingress_is_for() -> None:
    (patch,) = [one["patch"] for one in OVERLAY["patches"] if one["target"] == {"kind": "Ingress"}]
    for (kind, _), document in NAMED.items():
        if kind == "Ingress":
            for deed in yaml.safe_load(patch):
                assert _at(document, deed["path"]) == deed["value"] == "cloud.example.com"


def _at(document: Any, path: str) -> Any:
    for step in path.strip("/").split("/"):
        document = document[int(step) if step.isdigit() else step]
    return document


def test_live_video_comes_in_and_is_watched_where_people_are_told() -> None:
    video = CONTAINERS["video", "video"]
    told = {one["name"]: one["value"] for one in video["env"]}
    rtmp, first, count = (int(told[f"MEDIA_{name}"]) for name in ("RTMP_PORT", "SRT_PORT", "SRT_COUNT"))
    opened = {
        (one.get("protocol", "TCP"), one["port"], one["nodePort"])
        for one in NAMED["Service", "video-in"]["spec"]["ports"]
    }
    assert opened == {("TCP", rtmp, rtmp), *(("UDP", port, port) for port in range(first, first + count))}
    _, outside = NAMED["NetworkPolicy", "cloud-and-ingress-to-video"]["spec"]["ingress"]
    assert outside["ports"] == [
        {"port": rtmp},
        {"protocol": "UDP", "port": first, "endPort": first + count - 1},
    ]

    (service,) = NAMED["Service", "video"]["spec"]["ports"]
    settings = dict(literal.split("=", 1) for literal in OVERLAY["configMapGenerator"][0]["literals"])
    assert settings["MEDIA_SERVER_URL"] == f"http://video:{service['port']}"
    assert service["port"] == video["ports"][0]["containerPort"] == MEDIA_SERVER_PORT
    (path,) = NAMED["Ingress", "video"]["spec"]["rules"][0]["http"]["paths"]
    assert path["path"] == "/live/"
    assert told["MEDIA_FOLDER"] in {one["mountPath"] for one in video["volumeMounts"]}
