"""What /metrics shows. No ids: not of people, not of workspaces."""

from collections.abc import Callable, Iterable, Mapping

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

log = structlog.get_logger()

OUTCOMES = {200: "ok", 400: "malformed", 401: "refused", 404: "unhandled", 503: "not_ready"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)  # Slack waits 3 s


class _Outbox(Collector):
    """Counts rows when somebody looks, so that no process keeps a number that another one changed."""

    def __init__(self, counts: Callable[[], Mapping[str, int]]) -> None:
        self.counts = counts

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return [self._family()]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        family = self._family()
        try:
            found = self.counts()
        except Exception as error:  # the other numbers are worth showing when the database is away
            log.warning("outbox_not_counted", error=type(error).__name__)
            return []
        for state, rows in sorted(found.items()):
            family.add_metric([state], rows)
        return [family]

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily("sessions_outbox_rows", "Messages in the outbox by state.", labels=["state"])


class Metrics:
    """The numbers of one process."""

    def __init__(self, outbox_counts: Callable[[], Mapping[str, int]]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "sessions_slack_requests",
            "Requests from Slack by kind and outcome.",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self.ack = Histogram(
            "sessions_slack_ack_seconds",
            "Time until a request from Slack was answered.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.registry.register(_Outbox(outbox_counts))

    def answered(self, kind: str, status: int, seconds: float) -> None:
        """Count one request that was served, and how long Slack waited for it."""
        self.turned(kind, status)
        self.ack.observe(seconds)

    def turned(self, kind: str, status: int) -> None:
        """Count one request that was turned away at the door."""
        self.requests.labels(kind=kind, outcome=OUTCOMES.get(status, "failed")).inc()

    def text(self) -> bytes:
        """Everything, in Prometheus's text format."""
        return generate_latest(self.registry)
