"""Weights, cards, checkpoints and configurations with one bit flipped: none may load unseen."""

import shutil
from collections.abc import Callable
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.recipes import find_recipe
from ntmlab.runs.folder import RunFolder
from ntmlab.training import train
from ntmlab.training.checkpoint import load_checkpoint
from ntmlab.training.loop import Observer, Trainer
from ntmlab.weights import load_weights
from tools.fuzzing.tried import Tried

SETTINGS = ("task.length=6", "model.slots=4", "model.slot_width=3", "model.controller_size=4")
RECIPE = find_recipe("ngrams-quick").override([*SETTINGS, "sequences=16"])


def fuzz_files(tried: Tried, folder: Path) -> None:
    """Flips bits of a run's files, one at a time, until there were enough."""
    train(RECIPE, 1, folder / "run")
    run = RunFolder(folder / "run")
    trainer = Trainer(run, RECIPE, 1, Observer())

    def checkpoint() -> None:
        load_checkpoint(run, RECIPE, 1, trainer.model, trainer.optimizer)

    readers: dict[Path, Callable[[], object]] = {
        run.checkpoint: checkpoint,
        run.model: lambda: load_weights(run.model),
    }
    shutil.copytree(run.path, folder / "good")
    while not tried.over:
        for path, read in readers.items():
            good = (folder / "good" / path.name).read_bytes()
            place, bit = tried.random.randrange(len(good)), tried.random.randrange(8)
            path.write_bytes(good[:place] + bytes([good[place] ^ 1 << bit]) + good[place + 1 :])
            answer, wrong = _judged(read)
            tried.note(
                f"{path.name} {answer}", wrong and f"bit {bit} of {path.name}[{place}]: {wrong}"
            )
            path.write_bytes(good)


def _judged(read: Callable[[], object]) -> tuple[str, str]:
    """How a file with a flipped bit was read, and what is wrong with that, if anything."""
    try:
        read()
    except InputError as error:
        return "refused", "" if "\n" not in str(error) else f"{error}"
    except Exception as error:
        return "failed", repr(error)
    return "loaded", "it loads"
