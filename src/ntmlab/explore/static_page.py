"""The page as files on any web host: the modules that are served, and what the server would say.

What depends on Python alone (which models and tasks there are, named processes) is written down;
predictions are computed in the browser, by static/local/ and the compiled kernels.
"""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.entries import AT, Entry
from ntmlab.explore.page import files, saved_page
from ntmlab.explore.wasm import kernels
from ntmlab.files import make_folders, write_atomically
from ntmlab.foreign import is_foreign
from ntmlab.optimal.forward import Forward
from ntmlab.tasks import TASKS, make_task
from ntmlab.tasks.processes import PROCESSES

KINDS = ("exact", "ntm", "lstm")  # what the browser can compute
# Browsers load no modules from a disk.
OPENED = """<body data-answers="local">
<script>
if (location.protocol === "file:") {
  document.write("<p>This page needs a web server: python -m http.server in its folder</p>");
}
</script>"""
CHAIN = "hmm"  # the task whose processes are written down
MARK = "catalog.json"  # a folder with this was written by us


def write_static(folder: Path, models: Iterable[str] = (), task: str | None = None) -> list[Path]:
    """Writes the page into a folder; returns what was written.

    Raises InputError for a folder that holds something else, models and tasks of Python code, and
    where the compiled kernels are not there.
    """
    code = kernels()
    catalog = Catalog(models, task)
    _check(catalog)
    if folder.exists() and (not folder.is_dir() or _foreign(folder)):
        raise InputError(f"{folder} holds other things than the page: give a folder of its own")
    # The mark first: a folder whose writer was killed is still ours.
    written = {MARK: json.dumps(listing(catalog), ensure_ascii=False).encode()}
    written |= {f"static/{name}": content for name, (content, _) in files().items()}
    written |= {
        "index.html": index_page().encode(),
        "saved.html": saved_page().encode(),
        "kernels.wasm": code,
    }
    del written["static/index.html"]
    paths = []
    for name, content in written.items():
        make_folders((folder / name).parent)
        write_atomically(folder / name, content)
        paths.append(folder / name)
    return paths + [path for entry in _trained(catalog) for path in _copied(entry, folder)]


def index_page() -> str:
    """The served page with one word more: answers come from this browser."""
    html = files()["index.html"][0].decode()
    return html.replace("<body>", OPENED)


def listing(catalog: Catalog) -> dict[str, Any]:
    """What the page and its worker are told."""
    every = catalog.told()
    sizes = {e.name: [e.model.input_size, e.model.output_size] for e in _trained(catalog)}
    for model in every["models"]:
        model["sizes"] = sizes.get(model["name"])
    return every | {
        "opened": {known.name: known.options for known in catalog.tasks.values()},
        "defaults": {name: make_task(name).options() for name in TASKS},
        "words": list(PROCESSES),
        "processes": _processes(catalog),
    }


def _processes(catalog: Catalog) -> dict[str, Any]:
    """Named hidden Markov models, and the one of a file that the page opens on."""
    tasks: dict[str, Any] = {name: make_task(CHAIN, process=name) for name in PROCESSES}
    opened = catalog.tasks[CHAIN].make()
    tasks |= {file: opened for file in [opened.options().get("file")] if file is not None}
    return {name: _matrices(task.filter()) for name, task in tasks.items()}


def _matrices(exact: Forward) -> dict[str, Any]:
    return {
        "letters": exact.letters,
        "states": exact.states,
        "matrices": exact.matrices.ravel().tolist(),
        "initial": exact.initial.tolist(),
    }


def _check(catalog: Catalog) -> None:
    """Raises InputError for what needs Python."""
    for entry in catalog.entries.values():
        if entry.kind not in KINDS:
            raise InputError(
                f"model {entry.name} needs Python; a page without a server runs NTM and LSTM"
            )
    for name in catalog.tasks:
        if is_foreign(name):
            raise InputError(
                f"task {name} is Python code, which a page without a server cannot run"
            )


def _trained(catalog: Catalog) -> list[Entry]:
    return [entry for entry in catalog.entries.values() if entry.model is not None]


def _foreign(folder: Path) -> bool:
    return any(folder.iterdir()) and not (folder / MARK).exists()


def _copied(entry: Entry, folder: Path) -> list[Path]:
    """The weights and cards of a model and its snapshots, copied."""
    assert entry.path is not None
    sources = {entry.name: entry.path}
    sources |= {f"{entry.name}{AT}{number}": path for number, path in entry.snapshots.items()}
    make_folders(folder / "models")
    copied = []
    for name, source in sources.items():
        for kind in (".safetensors", ".json"):
            copied.append(folder / "models" / f"{name}{kind}")
            shutil.copyfile(source.with_suffix(kind), copied[-1])
    return copied
