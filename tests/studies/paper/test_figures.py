"""Every figure of the paper from Python, by one call."""

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from ntmlab import InputError
from ntmlab.studies.paper import FIGURES, draw, figure, figures
from ntmlab.training import RECIPES, train
from ntmlab.weights import shipped
from ntmlab.weights.trained import load_trained


@pytest.mark.parametrize("number", [13, 14, 15, 16])
def test_figures_come_from_what_is_shipped(number):
    drawn = figure(number)
    assert isinstance(drawn, Figure)
    drawn.draw_without_rendering()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:no (weights|results) of")
@pytest.mark.parametrize("number", sorted(set(FIGURES) - {13, 14, 15, 16}))
def test_the_other_figures_too(number):
    assert isinstance(figure(number), Figure)


def test_a_drawing_is_saved_with_its_arrays(tmp_path):
    drawn = draw(16, seed=3)
    assert "in order of priority" in drawn.words
    drawn.save(tmp_path / "f.svg")
    assert {path.name for path in tmp_path.iterdir()} == {"f.svg", "f.npz"}


def test_other_numbers_are_refused():
    with pytest.raises(InputError, match="3 to 18; there is no 2"):
        figure(2)


def test_models_trained_as_the_paper_did_are_taken_where_there_are_some(monkeypatch):
    """Without those of one model this project's own stand in, under the same label."""
    asked = []

    def load(name):
        asked.append(name)
        return load_trained(name)

    monkeypatch.setattr(figures, "load_trained", load)
    both = draw(14)
    assert asked == ["ngrams-ntm-paper", "ngrams-lstm-paper"]
    known = {name: path for name, path in shipped().items() if name != "ngrams-ntm-paper"}
    monkeypatch.setattr(figures, "shipped", lambda: known)
    assert set(draw(14).arrays) == set(both.arrays) >= {"Optimal", "NTM", "LSTM"}
    assert asked[2:] == ["ngrams-ntm", "ngrams-lstm-paper"]


def test_learning_curves_have_the_paper_s_recipes_too():
    labels = {name.split("-", 1)[1].rsplit("-", 1)[0] for name in draw(13).arrays}
    own = {"ngrams-ntm", "ngrams-ntm-lstm", "ngrams-lstm"}
    assert labels == own | {f"{name}-paper" for name in own}


def test_a_model_that_is_not_shipped_is_said_with_where_it_comes_from():
    with pytest.warns(UserWarning, match="repeat-copy-lstm"):
        drawn = draw(8)
    (text,) = drawn.figure.findobj(lambda artist: artist.get_gid() == "notes")
    said = " ".join(text.get_text().split())
    assert "`ntmlab train repeat-copy-lstm`, then `ntmlab reproduce 8 --runs runs` shows it" in said
    assert "45 % at length 20, repeats 10; 20 % at length 10, repeats 20" in text.get_text()


def test_a_seed_of_a_figure_that_draws_no_sequences_is_refused():
    with pytest.raises(InputError, match="figure 3 draws no sequences: leave out the seed"):
        draw(3, seed=1)
    with pytest.raises(InputError, match=r"figure 11 is of the scores in results/.*leave out"):
        draw(11, seed=1)


def test_an_own_run_is_drawn_among_what_is_shipped(tmp_path):
    runs = tmp_path / "runs"
    with pytest.raises(InputError, match="has none of recall-ntm-seed0, "):
        draw(11, runs=runs)
    small = ["sequences=32", "batch=16", "validate_every=32", "model.hidden_size=4"]
    train(RECIPES["repeat-copy-lstm"].override(small), 0, runs / "repeat-copy-lstm-seed0")
    words = [
        text.get_text() for text in draw(8, runs=runs).figure.get_figure(root=True).findobj(Text)
    ]
    titles = {text.split(",")[0] for text in words if text.startswith("repeat-copy-")}
    assert titles == set(FIGURES[8].models)
    (own,) = [v for k, v in draw(7, runs=runs).arrays.items() if k.endswith("-copy-lstm-sequences")]
    assert own[-1] == 32
