"""Figure 14 of *Neural Turing Machines* (2014): a sequence, and what each predictor expected."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from ntmlab.errors import InputError
from ntmlab.evaluation.compare import Comparison
from ntmlab.figures.captions import wrapped
from ntmlab.figures.lines import input_key
from ntmlab.figures.printed import NARROWEST, SIDES, STEP_WIDTH, STRIP_HEIGHT, WIDEST, printed
from ntmlab.figures.rows import Strips, Window, arrange, enlarged
from ntmlab.figures.strip_panel import Look, draw_panel, places
from ntmlab.figures.style import (
    CAPTION_SIZE,
    POINTS_PER_INCH,
    TEXT_GREY,
    caption_characters,
    characters_within,
    new_figure,
    style,
)
from ntmlab.figures.width import printed_width

AXIS_HEIGHT, CAPTION_LINE = 0.55, 0.17  # inches
CAPTION_OFFSET = -36  # points, clear of the axis label


def strips(
    comparison: Comparison,
    index: int = 0,
    *,
    window: Window = None,
    arrows: int = 2,
    arrow_models: Sequence[str] | None = None,
    dark_is_one: bool = True,
    close_up: bool = True,
    about: str = "",
    rows: str | None = None,
    differences: bool = False,
    columns: int | None = None,
    width: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draws one sequence of a comparison as aligned grey strips; returns the axes.

    From the top: the bits of sequence ``index`` in black and white, then the probability that each
    predictor gave to a 1 at every step, in the comparison's order, one column a step, darker for
    higher probability (``dark_is_one=False`` turns the scale round). ``window``, a slice or (start,
    stop), shows a stretch of steps; where steps are wide enough, some 50 of them, their borders and
    the input's symbols are drawn.

    Of more than two letters the input is the darker the later the letter, and predictors show the
    probability of the one that came. ``rows`` chooses: "one" is P of a 1, of bits only; "symbol" P
    of the symbol that came; "letters" has a line a letter in every strip, the first on top.

    Red arrows point up, from under the strip of a model, at the up to ``arrows`` steps where it
    departs most from the optimum, as `Comparison.divergences` defines them. Every model but the
    reference has arrows unless ``arrow_models`` names some. The caption says ``about`` the sequence
    what you say, then the rule, the size of every departure and the cost of the whole sequence in
    bits.

    With ``differences`` a thinner strip under each model's shows its probabilities less the
    optimum's: black where it gives more, white where less, grey where both are alike.

    Where steps are too many to be read one by one, the 36 about the arrows are framed, and drawn
    larger on a second axes beneath, ``ax.figure.axes[1]``, unless ``close_up`` is False. Without
    ``ax`` a figure of fitting size is made: ``ax.figure``; on axes that are given there is no
    second.

    For print, ``columns`` breaks the sequence into lines of so many steps, an axes each with all
    strips, and ``width`` is that of the figure in inches, with type to be read at that size; where
    steps were narrower than 3 points it breaks the lines itself. Nothing is drawn larger then.

    Raises InputError for sequences of several bits a step, an index or a window outside, an unknown
    model or kind of rows, a negative number of arrows, differences without an optimum, fewer than
    10 columns, or a width that is none of a page.
    """
    shown = arrange(
        comparison, index, window, arrows, arrow_models, about, rows, differences=differences
    )
    sentences = [*input_key(shown.show, shown.letters, dark_is_one), *shown.caption]
    look = Look(dark_is_one)
    width = printed_width() if width is None and ax is None else width
    if columns is not None or width is not None:
        if ax is not None:
            raise InputError("columns and width are of a figure of its own: leave out ax")
        return printed(shown, sentences, look, columns, width)
    large = enlarged(shown) if close_up and ax is None else None
    with style():
        last = ax
        if ax is None:
            ax, last = _fitting_axes(shown, large, sentences)
        look = look._replace(framed=None if large is None else large.steps)
        draw_panel(ax, shown, look)
        if large is not None and last is not None:
            draw_panel(last, large, look)
        _write_caption(last or ax, sentences)
    return ax


def _fitting_axes(
    shown: Strips, large: Strips | None, sentences: Sequence[str]
) -> tuple[Axes, Axes]:
    """The upper and lower axes of a new figure, one and the same where nothing is enlarged.

    As wide as the steps need and a page bears, and as high as strips and caption are.
    """
    width = min(WIDEST, max(NARROWEST, SIDES + STEP_WIDTH * len(shown.steps)))
    characters = characters_within((width - SIDES) * POINTS_PER_INCH)
    lines = sum(len(wrapped(sentence, characters)) for sentence in sentences)
    heights = [
        STRIP_HEIGHT * places(panel.rows)[1] + AXIS_HEIGHT for panel in (shown, large) if panel
    ]
    figure = new_figure(width, sum(heights) + CAPTION_LINE * lines)
    axes = figure.subplots(len(heights), height_ratios=heights, squeeze=False)[:, 0]
    return axes[0], axes[-1]


def _write_caption(ax: Axes, sentences: Sequence[str]) -> None:
    characters = caption_characters(ax)
    ax.annotate(
        "\n".join("\n".join(wrapped(sentence, characters)) for sentence in sentences),
        xy=(0, 0),
        xycoords="axes fraction",
        xytext=(0, CAPTION_OFFSET),
        textcoords="offset points",
        va="top",
        fontsize=CAPTION_SIZE,
        color=TEXT_GREY,
        linespacing=1.35,
        annotation_clip=False,
        gid="caption",
    )
