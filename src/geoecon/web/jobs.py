"""Jobs and the processes that do them. A job keeps its events, so that a browser that reconnects loses nothing."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import queue
import secrets
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon.views import strict_json

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

LOG = logging.getLogger("geoecon.serve")
JOBS = 200  # kept with their events
PATIENCE = 10.0  # seconds that a cancelled stage may go on before its process ends
BEAT = 15.0  # seconds between signs of life to a waiting browser


@dataclass
class Job:
    """One piece of work: its task, the events so far, and whether it has ended."""

    key: str
    task: Mapping[str, Any]
    events: list[tuple[str, Any]] = field(default_factory=list)
    ended: bool = False
    cancelled: bool = False
    waiters: set[asyncio.Event] = field(default_factory=set)

    def state(self) -> dict[str, Any]:
        """The job as the JSON interface shows it."""
        last = next((data for name, data in reversed(self.events) if name == "stage"), None)
        outcome = next((name for name, _ in self.events if name in ("fault", "broken", "cancelled")), None)
        status = (outcome or "done") if self.ended else "running" if self.events else "waiting"
        return {"job": self.key, "kind": self.task["kind"], "status": status, "stage": last}

    def last(self, name: str) -> Mapping[str, Any] | None:
        """The data of the latest event of this name, or None."""
        return next((data for event, data in reversed(self.events) if event == name), None)


class Desk:
    """The queue and its worker processes. Thread-safe; waiting is asynchronous."""

    def __init__(self, workers: int = 2):
        self.jobs: OrderedDict[str, Job] = OrderedDict()
        self.same: dict[str, str] = {}  # a task as text: its job, so that twenty people asking the same wait for one
        self.waiting: queue.Queue[Job | None] = queue.Queue()
        self.lock = threading.Lock()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.hands = [_Hand(self) for _ in range(workers)]

    def submit(self, task: Mapping[str, Any], share: bool = False, folder: Path | None = None) -> Job:
        """Queues a task; with `share` an equal task that runs or has ended well is reused.

        With `folder` the task gets a folder of its own there, named like the job, for the files it makes.
        """
        text = strict_json(task)
        with self.lock:
            known = self.jobs.get(self.same.get(text, "")) if share else None
            if known is not None and not known.cancelled and known.state()["status"] not in ("fault", "broken"):
                self.jobs.move_to_end(known.key)
                return known
            job = Job(secrets.token_hex(8), task)
            if folder is not None:
                (folder / job.key).mkdir()
                job.task = {**task, "folder": str(folder / job.key)}
            self.jobs[job.key] = job
            self.same[text] = job.key
            for old in [key for key, other in self.jobs.items() if other.ended][: max(0, len(self.jobs) - JOBS)]:
                del self.jobs[old]
            self.same = {words: key for words, key in self.same.items() if key in self.jobs}
        self.waiting.put(job)
        return job

    def cancel(self, job: Job) -> None:
        """Stops a job: at once where it waits, before its next stage where it runs."""
        job.cancelled = True
        for hand in self.hands:
            if hand.job is job:
                hand.stop(job)

    def record(self, job: Job, event: str, data: dict[str, Any]) -> None:
        """An event of a job; wakes all who wait for it."""
        if event == "broken":
            LOG.error("job %s: %s", job.key, data.pop("trace", ""))
        if event == "end":
            job.ended = True
        else:
            job.events.append((event, data))
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(_wake, job)

    async def follow(self, job: Job, start: int = 0) -> AsyncIterator[tuple[int, str, Any] | None]:
        """Events from number `start` on, as they come; None is a sign of life; ends with the job."""
        waiter = asyncio.Event()
        job.waiters.add(waiter)
        try:
            position = start
            while True:
                waiter.clear()
                ended = job.ended
                while position < len(job.events):
                    yield (position, *job.events[position])
                    position += 1
                if ended:
                    return
                try:
                    await asyncio.wait_for(waiter.wait(), BEAT)
                except TimeoutError:
                    yield None
        finally:
            job.waiters.discard(waiter)

    async def finished(self, job: Job) -> Job:
        """Waits until a job has ended."""
        async for _ in self.follow(job, len(job.events)):
            pass
        return job

    def close(self) -> None:
        """Ends the worker processes."""
        for job in self.jobs.values():
            job.cancelled = True
        for _ in self.hands:
            self.waiting.put(None)
        for hand in self.hands:
            hand.close()


def _wake(job: Job) -> None:
    for waiter in list(job.waiters):
        waiter.set()


def _hand(connection: Connection, cancel: Event) -> None:
    """What a worker process begins with: the models are loaded there, and not in the server."""
    from geoecon.web.work import work

    with suppress(BrokenPipeError, ConnectionResetError):  # the server was killed: nobody is left to be told
        work(connection, cancel)


class _Hand(threading.Thread):
    """One worker process and the thread that serves it. A process that dies is replaced."""

    def __init__(self, desk: Desk):
        super().__init__(daemon=True)
        self.desk, self.closing = desk, False
        self.job: Job | None = None
        self._start_process()
        self.start()

    def _start_process(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.cancel = context.Event()
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_hand, args=(theirs, self.cancel), daemon=True)
        self.process.start()
        theirs.close()

    def run(self) -> None:
        while (job := self.desk.waiting.get()) is not None:
            if job.cancelled:
                self.desk.record(job, "cancelled", {})
                self.desk.record(job, "end", {})
                continue
            self.cancel.clear()
            self.job = job
            try:
                self._serve(job)
            except (EOFError, OSError, BrokenPipeError):
                if self.closing:
                    return
                name, data = ("cancelled", {}) if job.cancelled else ("broken", {"message": "the worker stopped"})
                self.desk.record(job, name, data)
                self.desk.record(job, "end", {})
                self.process.kill()
                self._start_process()
            self.job = None

    def _serve(self, job: Job) -> None:
        self.connection.send((job.key, dict(job.task)))
        while True:
            _, event, data = self.connection.recv()
            self.desk.record(job, event, data)
            if event == "end":
                return

    def stop(self, job: Job) -> None:
        """Asks the process to stop before its next stage, and ends it where it does not within the patience."""
        self.cancel.set()

        def insist() -> None:
            if self.job is job and not job.ended:
                self.process.kill()

        timer = threading.Timer(PATIENCE, insist)
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        self.closing = True
        self.process.terminate()
        self.process.join(5)
