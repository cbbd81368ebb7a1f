"""The sources that are drawn letter by letter, and can be parts of a mixture."""

from ntmlab.tasks.change_points import ChangePointSource
from ntmlab.tasks.coins import CoinSource
from ntmlab.tasks.context_trees import ContextTreeSource
from ntmlab.tasks.dynamic_ngrams import DynamicNGrams
from ntmlab.tasks.hmm import HiddenMarkov
from ntmlab.tasks.lags import LagSource
from ntmlab.tasks.partition_tree import PartitionTreeSource

Kind = (
    type[DynamicNGrams]
    | type[HiddenMarkov]
    | type[ChangePointSource]
    | type[ContextTreeSource]
    | type[PartitionTreeSource]
    | type[CoinSource]
    | type[LagSource]
)

SOURCES: dict[str, Kind] = {
    DynamicNGrams.name: DynamicNGrams,
    HiddenMarkov.name: HiddenMarkov,
    ChangePointSource.name: ChangePointSource,
    ContextTreeSource.name: ContextTreeSource,
    PartitionTreeSource.name: PartitionTreeSource,
    CoinSource.name: CoinSource,
    LagSource.name: LagSource,
}

# The option that a word without a key stands for, as in hmm:mess3.
VARIANTS: dict[str, str] = {HiddenMarkov.name: "process"}
