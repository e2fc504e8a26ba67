"""What operators copy from their pages is true: the names of metrics and alerts."""

import re

import mentra_site.metrics  # noqa: F401 - its gauges are on the registry from then on
from sessions_app.outbound import metrics
from tests.support.documents import operations

PAGE = operations()
ALERTS = re.compile(r"^ +expr: (.*)$", re.MULTILINE)
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
# What Prometheus adds itself.
FOREIGN = {"up"}


def exposed_names() -> dict[str, tuple[str, ...]]:
    """Return the name of each series on /metrics with its labels."""
    labels = {family.name: family.labels for family in metrics._FAMILIES}
    labels |= {"mentra_sessions": ("state",), "mentra_speech_workers": ("state",)}
    labels |= {"mentra_webhook_seconds": ("kind", "outcome", "le")}
    return {
        family.name + suffix: labels.get(family.name, ())
        for family in metrics.registry.collect()
        for suffix in SUFFIXES[family.type]
    }


def test_every_metric_on_the_page_exists_with_its_labels() -> None:
    exposed = exposed_names()
    named = set(re.findall(r"\b((?:mentra|process)_[a-z_]+[a-z])\b(?!\.)", PAGE)) - {
        "mentra_site",
        "mentra_sdk",
    }
    assert sorted(named - set(exposed)) == []
    for name, selector in re.findall(r"\b([a-z_]+)\{([a-z][^}]*)\}", PAGE):
        for label in re.findall(r"(\w+)(?:=|!=)", selector):
            assert name in FOREIGN or label in (*exposed[name], "job"), f"{name} has no label {label}"


def test_alerts_name_only_what_there_is() -> None:
    words_of_promql = {"sum", "max", "rate", "increase", "absent", "histogram_quantile", "by", "le", "m", "e"}
    expressions = ALERTS.findall(PAGE)
    assert len(expressions) > 5
    for expression in expressions:
        bare = re.sub(r"\{[^}]*\}|\[[^]]*\]", "", expression)
        names = set(re.findall(r"[a-z_]+", bare)) - words_of_promql
        assert names <= {*exposed_names(), *FOREIGN, "kind", "step", "host"}, expression
