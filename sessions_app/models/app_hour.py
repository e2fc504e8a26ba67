"""What an app did in one hour."""

from django.db import models


class AppHour(models.Model):
    """Numbers of one app and one hour (UTC), for all its users together; counted by `statistics/services.py`.

    `failures` is {stage: number of failed starts}, `latencies` how many webhooks fell into each range of
    `statistics/rules.py`.
    """

    package_name = models.CharField(max_length=200)
    hour = models.DateTimeField(db_index=True)
    starts = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=dict)
    connected_seconds = models.FloatField(default=0.0)
    webhook_failures = models.PositiveIntegerField(default=0)
    latencies = models.JSONField(default=list)

    class Meta:
        ordering = ["hour"]
        constraints = [models.UniqueConstraint(fields=["package_name", "hour"], name="app_hour_once")]

    def __str__(self) -> str:
        return f"{self.package_name} at {self.hour:%Y-%m-%d %H:00}"
