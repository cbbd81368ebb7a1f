"""Processes that train one run together, forked from a server that has imported once."""

import contextlib
import multiprocessing
import os
import socket
import sys
from typing import NamedTuple

import torch

torch.optim.AdamW([torch.zeros(1)])  # the first optimiser imports as much as PyTorch itself
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["ntmlab.cli.train", "tests.training.crews"])
SECONDS = 60


class Said(NamedTuple):
    """How a process ended, and what it printed."""

    status: int
    out: str
    err: str


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def begin(folder, size, *arguments, sabotage=None):
    """Starts ``ntmlab train`` in so many; one does ``sabotage`` (rank, function) first."""
    port, started = free_port(), []
    for rank in range(size):
        own = sabotage[1] if sabotage is not None and sabotage[0] == rank else None
        place = (str(folder), rank, size, port, [str(a) for a in arguments], own)
        process = CONTEXT.Process(target=member, args=place)
        process.start()
        started.append(process)
    return started


def finish(folder, processes) -> list[Said]:
    """Waits for them."""
    for process in processes:
        process.join(SECONDS)
        assert process.exitcode is not None
    return [
        Said(process.exitcode, *((folder / f"{kind}{rank}").read_text() for kind in ("out", "err")))
        for rank, process in enumerate(processes)
    ]


def train_in(folder, size, *arguments, sabotage=None) -> list[Said]:
    return finish(folder, begin(folder, size, *arguments, sabotage=sabotage))


def member(folder, rank, size, port, arguments, sabotage) -> None:
    """One of the processes, as torchrun would start it."""
    os.environ |= {"RANK": str(rank), "WORLD_SIZE": str(size), "LOCAL_RANK": str(rank)}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    from ntmlab.cli import main

    with contextlib.ExitStack() as files:
        for kind in ("out", "err"):
            file = files.enter_context(open(f"{folder}/{kind}{rank}", "w"))
            setattr(sys, f"std{kind}", file)
        if sabotage is not None:
            sabotage()
        status = main(["train", *arguments])
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)
