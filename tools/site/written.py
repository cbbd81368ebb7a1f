"""Signatures and fields as they are written in the source, where annotations are short and comments
say shapes and units.
"""

import ast
import dataclasses
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any, NamedTuple


class Field(NamedTuple):
    """A field of a record: its annotation, its default, and what a comment on its line says."""

    name: str
    annotation: str
    default: str | None
    comment: str

    def argument(self) -> str:
        """As an argument of the class."""
        default = "" if self.default is None else f" = {self.default}"
        return f"{self.name}: {self.annotation}{default}"


def signature(thing: Any) -> tuple[str, str | None] | None:
    """Arguments in brackets, and what is returned; None where the source has none."""
    if inspect.isclass(thing):
        return _of_class(thing)
    try:
        definition = _parsed(inspect.unwrap(thing))[0]
    except (OSError, TypeError, IndentationError):
        return None
    if not isinstance(definition, ast.FunctionDef):
        return None
    returned = definition.returns
    return f"({_arguments(definition)})", ast.unparse(returned) if returned else None


def fields(kind: type) -> list[Field]:
    """The fields of a NamedTuple or dataclass, in order; of anything else none."""
    if dataclasses.is_dataclass(kind):
        names = [field.name for field in dataclasses.fields(kind) if field.init]
    else:
        names = list(getattr(kind, "_fields", ()))
    known = {field.name: field for base in reversed(kind.__mro__) for field in _annotated(base)}
    return [known[name] for name in names if name in known]


def _of_class(kind: type) -> tuple[str, None] | None:
    """The arguments of a class: its fields, or those of its own way to be made."""
    if found := fields(kind):
        return f"({', '.join(field.argument() for field in found)})", None
    if getattr(kind, "_is_protocol", False):
        return "", None
    if "__init__" not in vars(kind):
        return None
    made = signature(kind.__init__)  # type: ignore[misc]
    return (made[0], None) if made else None


def _annotated(kind: type) -> Iterator[Field]:
    """The annotated names of a class's body."""
    try:
        body, lines = _parsed(kind)
    except (OSError, TypeError):
        return
    for line in body.body if isinstance(body, ast.ClassDef) else ():
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            last = lines[(line.end_lineno or line.lineno) - 1]
            comment = re.search(r"\s{2,}# (.*)", last)
            default = None if line.value is None else ast.unparse(line.value)
            annotation = ast.unparse(line.annotation)
            yield Field(line.target.id, annotation, default, comment[1] if comment else "")


def _arguments(definition: ast.FunctionDef) -> str:
    """Arguments without the object that a method is called on."""
    given = definition.args
    if given.args and given.args[0].arg in ("self", "cls"):
        del given.args[0]
    return ast.unparse(given)


def _parsed(thing: Any) -> tuple[ast.stmt, list[str]]:
    """The definition of a function or class, and its lines."""
    source = textwrap.dedent(inspect.getsource(thing))
    return ast.parse(source).body[0], source.splitlines()
