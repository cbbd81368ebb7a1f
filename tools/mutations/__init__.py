"""What can be broken on purpose: named edits, and operators swapped at places drawn by a seed."""

from tools.mutations.exact import EXACT
from tools.mutations.judged import JUDGED
from tools.mutations.kept import KEPT
from tools.mutations.learned import LEARNED
from tools.mutations.mutant import Mutant
from tools.mutations.native import NATIVE
from tools.mutations.operators import drawn
from tools.mutations.told import TOLD

NAMED: list[Mutant] = [*EXACT, *JUDGED, *LEARNED, *KEPT, *TOLD, *NATIVE]

__all__ = ["NAMED", "Mutant", "drawn"]
