"""Writes what Prometheus scrapes: what this process counted, and how everybody's jobs stand."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from importlib.metadata import version
from platform import python_version
from typing import Final, Self

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from agents.tracing import Work, hear, unhear
from app.observing.measures import MEASURES, SECONDS, Measure
from app.status.readings import Standing, Status
from core.errors import SectorwiseError

PREFIX: Final = "sectorwise"
Family = GaugeMetricFamily | InfoMetricFamily


class Exposition:
    """What one home's server tells Prometheus."""

    def __init__(
        self, standing: Standing, *, clock: Callable[[], datetime], under_way: Callable[[], int]
    ) -> None:
        """Keep what is read at each scrape.

        Args:
            standing: how the jobs stand.
            clock: says what time it is.
            under_way: runs of this process that have not ended.
        """
        self._counts = process_counts()
        self._standing = CollectorRegistry()
        self._standing.register(_Now(standing, clock, under_way))

    def text(self) -> bytes:
        """Return the text, in Prometheus's format 0.0.4."""
        return generate_latest(self._counts) + generate_latest(self._standing)


class Counting:
    """Counts the work that ends in this process, while it is entered."""

    def __init__(self) -> None:
        """Begin at nothing; nothing is heard yet."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no type
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._kept = tuple((one, _instrument(one, self.registry)) for one in MEASURES)

    def __enter__(self) -> Self:
        hear(self._counted)
        return self

    def __exit__(self, *_: object) -> None:
        unhear(self._counted)

    def _counted(self, work: Work) -> None:
        for measure, add in self._kept:
            for amount, labels in measure.counted(work):
                add(amount, labels)


@cache
def process_counts() -> CollectorRegistry:
    """Return what this process counts of its work from the first call on."""
    return Counting().__enter__().registry


def _instrument(
    measure: Measure, registry: CollectorRegistry
) -> Callable[[float, dict[str, str]], None]:
    name = f"{PREFIX}_{measure.name}"
    if measure.kind == "seconds":
        histogram = Histogram(
            name, measure.words, measure.labels, registry=registry, buckets=SECONDS
        )
        return lambda amount, labels: histogram.labels(**labels).observe(amount)
    counter = Counter(name, measure.words, measure.labels, registry=registry)
    return lambda amount, labels: counter.labels(**labels).inc(amount)


class _Now(Collector):
    """Reads the database at each scrape; one that cannot be read leaves its families out."""

    def __init__(
        self, standing: Standing, clock: Callable[[], datetime], under_way: Callable[[], int]
    ) -> None:
        self._standing, self._clock, self._under_way = standing, clock, under_way

    def describe(self) -> Iterator[Family]:
        """Name nothing: nothing is read when it is registered."""
        return iter(())

    def collect(self) -> Iterator[Family]:
        """Yield how things stand now."""
        built = InfoMetricFamily(f"{PREFIX}_build", "what runs")
        built.add_metric([], {"version": version("sectorwise"), "python": python_version()})
        yield built
        yield _gauge(
            "runs_under_way", "runs of this process that have not ended", self._under_way()
        )
        try:
            found = self._standing.read(now=self._clock())
        except SectorwiseError:
            yield _gauge("database_up", "whether the database can be read", 0)
            return
        yield _gauge("database_up", "whether the database can be read", 1)
        yield from _families(found)


def _families(found: Status) -> Iterator[Family]:
    words = "since a job last succeeded, else first began"
    ages = _family("last_success_age_seconds", words, "job")
    for job in found.jobs:
        ages.add_metric([job.name], job.age_seconds)
    waiting = _family("outbox_waiting", "messages a sink is still to be told", "sink")
    given_up = _family("outbox_given_up", "messages a sink did not take", "sink")
    oldest = _family("outbox_oldest_seconds", "since the oldest that waits was posted", "sink")
    for line in found.outbox:
        waiting.add_metric([line.sink], line.waiting_count)
        given_up.add_metric([line.sink], line.given_up_count)
        oldest.add_metric([line.sink], line.oldest_seconds or 0.0)
    yield from (ages, waiting, given_up, oldest)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", words, value=value)


def _family(name: str, words: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", words, labels=[label])
