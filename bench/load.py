"""Clients of a web server: a fresh connection for each request, every answer's status and content checked.

Kept connections may all land on one of the server's processes; fresh ones do not.
"""

from __future__ import annotations

import multiprocessing as mp
import socket
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from statistics import median
from urllib.parse import urlencode

_TIMEOUT_SECONDS = 60
_CLIENTS_A_PROCESS = 4
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it goes out, and what its answer must be."""

    raw: bytes
    status: int = 200
    holds: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What the clients of one measure saw. Times in milliseconds."""

    clients: int
    seconds: float
    times: list[float]
    wrong: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")

    @property
    def p50(self) -> float:
        return self.percentile(0.50)

    @property
    def p95(self) -> float:
        return self.percentile(0.95)


def get(address: Address, path: str, cookie: str = "", *, holds: Sequence[str] = ()) -> Call:
    return Call(_head("GET", address, path, cookie), 200, _bytes(holds))


def post(
    address: Address,
    path: str,
    form: Mapping[str, str],
    cookie: str = "",
    *,
    status: int = 200,
    holds: Sequence[str] = (),
) -> Call:
    body = urlencode(form).encode()
    extra = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return Call(_head("POST", address, path, cookie, extra) + body, status, _bytes(holds))


def _head(method: str, address: Address, path: str, cookie: str, extra: str = "") -> bytes:
    host, port = address
    lines = f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n{extra}"
    return (lines + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode()


def _bytes(words: Sequence[str]) -> tuple[bytes, ...]:
    return tuple(word.encode() for word in words)


def exchange(address: Address, call: Call) -> tuple[int, bytes]:
    """One answer, whole. Raises OSError."""
    with socket.create_connection(address, timeout=_TIMEOUT_SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(call.raw)
        parts = []
        while part := connection.recv(262_144):
            parts.append(part)
    answer = b"".join(parts)
    return int(answer[9:12] or 0), answer


def complaint(call: Call, status: int, answer: bytes) -> str:
    if status != call.status:
        return f"status {status} instead of {call.status}"
    missing = [word for word in call.holds if word not in answer]
    return f"answer without {missing[0]!r}" if missing else ""


def drive(
    address: Address, calls: Sequence[Call], *, clients: int, seconds: float, again: bool = True
) -> Result:
    """Send the calls by so many clients at once.

    Args:
        seconds: no call is begun after that long.
        again: begin the list again when it is used up; otherwise each call is sent at most once.
    """
    context = mp.get_context("fork")
    processes = max(1, -(-clients // _CLIENTS_A_PROCESS))
    barrier = context.Barrier(processes)
    queue = context.SimpleQueue()
    shares = [calls[n::clients] or calls for n in range(clients)]
    started = [
        context.Process(
            target=_process, args=(address, shares[n::processes], seconds, again, barrier, queue), daemon=True
        )
        for n in range(processes)
    ]
    for process in started:
        process.start()
    told = [queue.get() for _ in started]
    for process in started:
        process.join()
    elapsed = max(end for _, _, _, end in told) - min(start for _, _, start, _ in told)
    wrong = [w for _, wrong, _, _ in told for w in wrong]
    for problem, times in Counter(wrong).most_common(3):
        print(f"    {times} × {problem}", flush=True)
    return Result(clients, elapsed, [t for times, _, _, _ in told for t in times], wrong)


def _process(
    address: Address,
    shares: Sequence[Sequence[Call]],
    seconds: float,
    again: bool,
    barrier: Barrier,
    queue: mp.SimpleQueue[tuple[list[float], list[str], float, float]],
) -> None:
    times: list[float] = []
    wrong: list[str] = []
    barrier.wait()
    began = time.monotonic()
    threads = [
        threading.Thread(target=_client, args=(address, share, began + seconds, again, times, wrong))
        for share in shares
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put((times, wrong, began, time.monotonic()))


def _client(
    address: Address, calls: Sequence[Call], until: float, again: bool, times: list[float], wrong: list[str]
) -> None:
    while True:
        for call in calls:
            began = time.monotonic()
            if began >= until:
                return
            try:
                status, answer = exchange(address, call)
                problem = complaint(call, status, answer)
            except OSError as lost:
                problem = type(lost).__name__
            if problem:
                wrong.append(problem)
            else:
                times.append((time.monotonic() - began) * 1000)
        if not again:
            return


def middle(results: Sequence[Result]) -> Result:
    """The round whose rate is the median; wrong answers of all rounds are kept."""
    ordered = sorted(results, key=lambda result: result.rate)
    chosen = ordered[len(ordered) // 2]
    every = [word for result in results for word in result.wrong]
    return Result(chosen.clients, chosen.seconds, chosen.times, every)


def median_rate(results: Sequence[Result]) -> float:
    return median(result.rate for result in results)
