"""Sends traces and metrics to a collector over OTLP, where one is set; else nothing is loaded.

Only our own spans leave, through a provider of our own: what libraries would tell is not ours to
vouch for. A collector that is down costs lines of the log, not a run.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from agents.tracing import SCOPE, Work, hear, trace_with, unhear
from app.observing.measures import MEASURES, SECONDS, Measure
from app.settings import Settings
from core.errors import CallerError

if TYPE_CHECKING:
    from opentelemetry.metrics import Counter, Histogram, Meter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

EXPORT_SECONDS: Final = 3.0
"""What one message to the collector may take, tries again included, also when the process ends."""
LATE: Final = 16
"""Order among what runs when a process ends: workers of a pool end without `atexit`."""
LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Export:
    """What is under way to the collector."""

    tracing: "TracerProvider"
    metering: "MeterProvider"
    counted: Callable[[Work], None]

    def flush(self) -> None:
        """Send what waits."""
        self.tracing.force_flush(int(EXPORT_SECONDS * 1000))
        self.metering.force_flush(EXPORT_SECONDS * 1000)

    def close(self) -> None:
        """Send what waits, and tell of nothing any more."""
        trace_with(None)
        unhear(self.counted)
        self.tracing.shutdown()
        self.metering.shutdown(EXPORT_SECONDS * 1000)


def exporting(settings: Settings) -> Export | None:
    """Begin to send, and return what ends it; None where no collector is set.

    Raises:
        CallerError: the collector is set and what speaks to it is not installed.
    """
    if settings.otlp_endpoint is None:
        return None
    try:
        export = _export(settings.otlp_endpoint.rstrip("/"), _headers(settings))
    except ImportError as error:
        raise CallerError(
            f"OTEL_EXPORTER_OTLP_ENDPOINT is set and {error.name} is not installed: "
            "pip install 'sectorwise[otel]', or unset it"
        ) from error
    trace_with(export.tracing.get_tracer(SCOPE, version("sectorwise")))
    hear(export.counted)
    Finalize(None, export.close, exitpriority=LATE)
    return export


def _export(endpoint: str, headers: Mapping[str, str]) -> Export:
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": SCOPE, "service.version": version("sectorwise")})
    spans = OTLPSpanExporter(f"{endpoint}/v1/traces", headers=headers, timeout=EXPORT_SECONDS)
    tracing = TracerProvider(resource=resource, shutdown_on_exit=False)
    tracing.add_span_processor(BatchSpanProcessor(spans))
    sums = OTLPMetricExporter(f"{endpoint}/v1/metrics", headers=headers, timeout=EXPORT_SECONDS)
    reader = PeriodicExportingMetricReader(sums, export_timeout_millis=EXPORT_SECONDS * 1000)
    metering = MeterProvider([reader], resource=resource, shutdown_on_exit=False)
    return Export(tracing, metering, _counting(metering.get_meter(SCOPE, version("sectorwise"))))


def _counting(meter: "Meter") -> Callable[[Work], None]:
    """Return what adds the work that ends to the collector's counts."""
    kept = tuple((measure, _instrument(meter, measure)) for measure in MEASURES)

    def counted(work: Work) -> None:
        for measure, add in kept:
            for amount, labels in measure.counted(work):
                add(amount, {_key(measure, label): value for label, value in labels.items()})

    return counted


def _instrument(meter: "Meter", measure: Measure) -> "Callable[[float, dict[str, str]], None]":
    name = measure.standard or f"{SCOPE}.{measure.name.replace('_', '.')}"
    if measure.kind == "seconds":
        histogram: Histogram = meter.create_histogram(
            name, "s", measure.words, explicit_bucket_boundaries_advisory=SECONDS
        )
        return histogram.record
    if measure.standard is not None:  # the convention asks for a histogram of tokens
        return meter.create_histogram(name, "{token}", measure.words).record
    counter: Counter = meter.create_counter(name, "1", measure.words)
    return counter.add


def _key(measure: Measure, label: str) -> str:
    return measure.apart[label] if measure.standard is not None else label


def _headers(settings: Settings) -> dict[str, str]:
    """Return the headers of `name=value,name=value`, whose values may be percent-encoded."""
    if settings.otlp_headers is None:
        return {}
    pairs = (pair.partition("=") for pair in settings.otlp_headers.get_secret_value().split(","))
    return {name.strip().lower(): unquote(value.strip()) for name, mark, value in pairs if mark}
