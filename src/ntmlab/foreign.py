"""Code that a user brings: tasks, models and predictors named as ``package.module:factory``."""

import hashlib
import importlib
import importlib.util
import inspect
import logging
import re
import sys
import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError, Remark

_LOG = logging.getLogger("ntmlab")  # of tracebacks, at level DEBUG

_NAME = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*):([A-Za-z_]\w*)")


def is_foreign(name: str) -> bool:
    """Whether a name has the form ``package.module:factory``."""
    return _NAME.fullmatch(name) is not None


def is_own(module: str) -> bool:
    """Whether a module of this name is of this package."""
    return module.partition(".")[0] == "ntmlab"


def is_importable(name: str) -> bool:
    """Whether there is a top-level module of a name, in the current folder or installed."""
    return PathFinder.find_spec(name, [str(Path.cwd()), *sys.path]) is not None


def make_foreign(
    kind: str, name: str, offered: Mapping[str, Any], options: Mapping[str, Any]
) -> object:
    """What a user's factory makes: called with the options, and what it takes of the offered.

    ``kind`` (model, task) begins each complaint. The current folder is searched too. Raises
    InputError, one line, for whatever goes wrong in the user's code, leaving it included.
    """
    factory = find_foreign(kind, name)
    accepted = {k: v for k, v in offered.items() if k not in options and _takes(factory, k)}
    made = guarded(f"{kind} {name}: its factory", factory, **accepted, **options)
    _check_device(f"{kind} {name}")
    return made


def guarded(what: str, action: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Does something in a user's code; raises InputError, one line, where that fails or exits.

    What it prints goes to stderr: stdout is for results, such as JSON that another program reads.
    The traceback goes to the logger ``ntmlab``, which `ntmlab --debug` shows.
    """
    try:
        with _printing_to_stderr():
            return action(*arguments, **options)
    except (InputError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        _LOG.debug("%s failed", what, exc_info=True)
        raise InputError(f"{what} failed: {described(error)}") from error


def _printing_to_stderr() -> AbstractContextManager[object]:
    """What is printed goes to stderr.

    Where it does already nothing is changed, so that threads at work together, as the page's, leave
    stdout as it was, in whatever order they end.
    """
    return nullcontext() if sys.stdout is sys.stderr else redirect_stdout(sys.stderr)


def described(error: BaseException) -> str:
    """An exception in one line of bounded length."""
    try:
        text = " ".join(str(error).split())
    except Exception:  # its own words may fail as well
        text = ""
    text = text if len(text) <= 300 else text[:297] + "..."
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def find_foreign(kind: str, name: str) -> Callable[..., Any]:
    """The factory of a name; raises InputError as `make_foreign` does."""
    if not is_foreign(name):
        raise InputError(f"{kind} {name}: code is named as package.module:factory")
    module_name, _, attribute = name.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        with _printing_to_stderr():
            module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        _LOG.debug("%s %s: cannot import %s", kind, name, module_name, exc_info=True)
        reason = described(error)
        raise InputError(f"{kind} {name}: cannot import {module_name}: {reason}") from None
    if not hasattr(module, attribute):
        raise InputError(f"{kind} {name}: {module_name} has no {attribute}")
    factory = getattr(module, attribute)
    if not callable(factory):
        raise InputError(f"{kind} {name}: {attribute} is no function or class")
    return factory  # type: ignore[no-any-return]


def remark_on_code(known: Mapping[str, str | None], what: str) -> None:
    """Says so where a user has changed code or files, known by digests, that something is of.

    What cannot be found is told of where it is needed.
    """
    for name, before in known.items():
        if file_digest(name) not in (before, None):
            warnings.warn(
                f"the file of {name} has changed since {what} was trained: unless all that it says "
                "is as it was, numbers are of another thing than was trained",
                Remark,
                stacklevel=3,
            )


def file_digest(name: str) -> str | None:
    """The SHA-256 of a file, or of that in which a factory is; None where none can be read.

    Nothing is imported for it, and what the file itself imports is not in it.
    """
    try:
        path = _file_of(name) if is_foreign(name) else name
        return None if path is None else hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except (OSError, ValueError):
        return None


def _file_of(factory: str) -> str | None:
    parts, origin = factory.partition(":")[0].split("."), None
    places = [str(Path.cwd()), *sys.path]
    for depth in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:depth]), places)
        if spec is None:
            return None
        origin, places = spec.origin, list(spec.submodule_search_locations or [])
    return origin


def _check_device(whose: str) -> None:
    """Raises InputError where PyTorch makes tensors elsewhere than we look for ours."""
    torch: Any = sys.modules.get("torch")
    if torch is not None and torch.get_default_device().type != "cpu":
        raise InputError(
            f"{whose}: PyTorch's default device is {torch.get_default_device()}, and sequences are "
            "on the CPU; leave out torch.set_default_device, and say device= where tensors are made"
        )


def _takes(factory: Callable[..., Any], name: str) -> bool:
    """Whether a factory takes a keyword, by its name."""
    try:
        parameters = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):
        return False
    keywords = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return any(p.name == name and p.kind in keywords for p in parameters)
