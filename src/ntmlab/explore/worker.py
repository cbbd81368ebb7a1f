"""One thread in which predictors are asked, one question after the other.

A user's own predictor may not bear two threads, may never come back, and nobody may wait for its
answer any more; the server goes on in each case.
"""

import asyncio
import ctypes
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from ntmlab.explore.guard import RequestError

PATIENCE = 60.0  # seconds that one model may take
POLL = 0.5  # seconds between looks at the clock

Step = Callable[[str], None]
Work = Callable[[Step], bytes]


class GivenUp(BaseException):
    """Raised within a computation that nobody waits for; no handler of errors may catch it."""


class Job:
    """A question under way."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.given_up = threading.Event()
        self.done = asyncio.get_running_loop().create_future()
        self.doing, self.since = "", time.monotonic()

    def step(self, name: str) -> None:
        """Hears which model comes next; raises GivenUp if nobody waits for it."""
        if self.given_up.is_set():
            raise GivenUp
        self.doing, self.since = name, time.monotonic()

    def run(self) -> None:
        """Computes, and says so to whoever waits in the event loop."""
        result: bytes | BaseException
        try:
            self.step("")
            result = self.work(self.step)
        except BaseException as error:  # whatever it is, the one who waits is told
            result = error
        try:
            self.done.get_loop().call_soon_threadsafe(self._tell, result)
        except RuntimeError:  # the loop is closed: the server has ended
            return

    def _tell(self, result: bytes | BaseException) -> None:
        if not self.done.done():
            self.done.set_result(result)


class Worker:
    """Answers one question at a time; ``hung(name)`` hears of a model that does not come back."""

    def __init__(self, hung: Callable[[str], None], patience: float = PATIENCE) -> None:
        self.hung, self.patience = hung, patience
        self._turn = asyncio.Lock()
        self._thread = Thread()

    @property
    def busy(self) -> bool:
        """Whether something is being computed."""
        return self._thread.busy

    async def answer(self, work: Work, left: Awaitable[object]) -> bytes:
        """What the work gives, in its turn; raises GivenUp once ``left`` is over before.

        Raises what the work raises, and RequestError for a model that does not come back.
        """
        job = Job(work)
        running = asyncio.ensure_future(self._in_turn(job))
        gone = asyncio.ensure_future(left)
        try:
            await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
            result = running.result() if running.done() else GivenUp()
        finally:
            job.given_up.set()
            gone.cancel()
        if isinstance(result, BaseException):
            raise result
        return result

    async def _in_turn(self, job: Job) -> bytes | BaseException:
        """The result, or what was raised; holds the turn until the thread is free again."""
        async with self._turn:
            if job.given_up.is_set():
                return GivenUp()
            job.since = time.monotonic()
            self._thread.jobs.put(job)
            while not job.done.done():
                await asyncio.wait({job.done}, timeout=POLL)
                if time.monotonic() - job.since > self.patience and not job.done.done():
                    return self._leave(job)
            result: bytes | BaseException = job.done.result()
            return result

    def _leave(self, job: Job) -> RequestError:
        """Leaves a thread that does not come back to itself, and goes on in another."""
        self._thread.leave()
        self._thread = Thread()
        self.hung(job.doing)
        words = f"model {job.doing} has not answered within {self.patience:g} s"
        return RequestError(503, f"{words}; it is not asked again")


class Thread:
    """A thread that runs jobs; it ends with the process, whatever it does."""

    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self.busy = False
        self._left = False
        self._own = threading.Thread(target=self._work, name="ntmlab predictors", daemon=True)
        self._own.start()

    def leave(self) -> None:
        """Takes no more jobs, and breaks off the one at hand where it is in Python code."""
        self._left = True
        raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
        raise_in(ctypes.c_ulong(self._own.ident or 0), ctypes.py_object(GivenUp))

    def _work(self) -> None:
        try:
            while not self._left:
                job = self.jobs.get()
                with self._at_work():
                    job.run()
        except GivenUp:  # came late
            return

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self.busy = True
        try:
            yield
        finally:
            self.busy = False
