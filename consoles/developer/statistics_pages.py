"""How an app did in the last day or week, in charts and numbers."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.charts import Chart, charts_of
from sessions_app.statistics.rules import DAY, PERIODS, percentile
from sessions_app.statistics.selectors import read_statistics


def statistics_urls(site: AdminSite) -> list[URLPattern]:
    """Return the route of the page; `?period=` is one of the names of PERIODS."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        app = own_app(request, app_pk)
        period = PERIODS.get(request.GET.get("period", ""), DAY)
        statistics = read_statistics(app.package_name, period, timezone.now())
        total, charts = statistics.total, charts_of(statistics)
        return show_app_page(
            request,
            site,
            app,
            "console/statistics.html",
            title="statistics",
            periods=PERIODS.values(),
            period=period,
            total=total,
            connected_hours=total.connected_seconds / 3600,
            p50=percentile(total.latencies, 0.5),
            p95=percentile(total.latencies, 0.95),
            charts=charts,
            rows=list(zip(statistics.beginnings, _values(charts), strict=True)),
        )

    return [path("apps/<int:app_pk>/statistics/", site.admin_view(page), name="app_statistics")]


def _values(charts: list[Chart]) -> list[tuple[float | None, ...]]:
    """Return the numbers of all charts, step by step."""
    return list(zip(*(line.values for chart in charts for line in chart.series), strict=True))
