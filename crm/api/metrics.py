"""Figures for Prometheus: what each web process counted, and what the database says at the moment.

With several web processes, PROMETHEUS_MULTIPROC_DIR names the folder where they put their counts together;
without it, the process that answers gives its own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import structlog
from flask import Blueprint, Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from crm.cases import open_case_count
from crm.http import public, reading, wiring
from crm.notifications import outbox_state

bp = Blueprint("metrics", __name__)
log = structlog.get_logger()

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_REQUESTS = Counter(
    "crm_http_requests", "Requests answered, by page and status.", ("method", "endpoint", "status")
)
_SECONDS = Histogram(
    "crm_http_request_seconds",
    "Time taken to answer, by page.",
    ("method", "endpoint"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_count)


@bp.get("/metrics")
@public
def figures() -> Response:
    registry = CollectorRegistry()
    registry.register(_FromDatabase())
    body = generate_latest(_counted()) + generate_latest(registry)
    return Response(body, content_type=CONTENT_TYPE_LATEST)


def _counted() -> CollectorRegistry:
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    # Endpoints and not addresses: few, and no secret link among them.
    endpoint = request.endpoint or "unknown"
    method = request.method if request.method in _METHODS else "other"  # anybody may invent one
    _REQUESTS.labels(method, endpoint, str(response.status_code)).inc()
    if (began := g.get("began")) is not None:
        _SECONDS.labels(method, endpoint).observe(time.perf_counter() - began)
    return response


class _FromDatabase(Collector):
    """The same whichever process answers: read when asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            with reading() as session:
                state = outbox_state(session, wiring().clock.now())
                cases = open_case_count(session)
        except SQLAlchemyError as trouble:
            log.warning("metrics_without_database", kind=type(trouble).__name__)
            yield GaugeMetricFamily("crm_database_up", "Does the database answer?", 0)
            return
        yield GaugeMetricFamily("crm_database_up", "Does the database answer?", 1)
        yield GaugeMetricFamily("crm_deliveries_pending", "Deliveries to do.", state.waiting)
        yield GaugeMetricFamily("crm_deliveries_late", "Deliveries due for a while.", state.late)
        yield GaugeMetricFamily("crm_deliveries_parked", "Deliveries given up, for a person.", state.parked)
        oldest = (wiring().clock.now() - state.oldest_due_at).total_seconds() if state.oldest_due_at else 0
        yield GaugeMetricFamily(
            "crm_deliveries_oldest_seconds",
            "How long the oldest pending delivery has been due.",
            max(oldest, 0),
        )
        yield GaugeMetricFamily("crm_cases_open", "Cases not closed.", cases)
