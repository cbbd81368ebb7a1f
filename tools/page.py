"""Draws docs/explore.png: the page of `ntmlab explore` in a headless Chromium.

    python tools/page.py [--check]

The picture says in its metadata what it was drawn from, weights and page; --check fails where
either is another now. Drawing needs Chromium (apt-get install chromium).
"""

import argparse
import hashlib
import io
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, PngImagePlugin

from ntmlab.evaluation.predictors import find_predictor
from ntmlab.studies import strips
from ntmlab.tasks import DynamicNGrams
from ntmlab.weights import weights_path

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs/explore.png"
MODELS = ("ntm-lstm", "ntm", "lstm")
WIDTH, HEIGHT = 1280, 1180
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
COMMAND = "import sys; from ntmlab.cli import main; sys.exit(main(sys.argv[1:]))"
PAGE = ROOT / "src/ntmlab/explore/static"


def inputs() -> dict[str, str]:
    """SHA-256 of the weights of the models shown, and of the page's files, as metadata has them."""
    parts = {
        "weights": [weights_path(name) for name in MODELS],
        "page": sorted(path for path in PAGE.iterdir() if path.is_file()),
    }
    return {name: digest(paths) for name, paths in parts.items()}


def digest(paths: Sequence[Path]) -> str:
    """One SHA-256 over some files."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()


def stale(picture: Path = PICTURE) -> list[str]:
    """Of what the picture was drawn from, that which is another now: weights, page."""
    with Image.open(picture) as image:
        return [name for name, own in inputs().items() if image.info.get(name) != own]


def state() -> str:
    """The page's address after #: the sequence is the one of docs/strips.png."""
    task = DynamicNGrams()
    models = {name: find_predictor(name, task) for name in MODELS}
    shown = strips.subject(task, models, models).sequences.targets[0, :, 0]
    bits = "".join(f"{bit:.0f}" for bit in shown)
    return f"models=optimal,{','.join(MODELS)}&machine={MODELS[0]}&window=0:{len(bits)}&bits={bits}"


def screenshot(chromium: str, url: str) -> bytes:
    """The page at the first arrow of a model, its context marked everywhere."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(f"{url}#{state()}")
        page.wait_for_selector("body[data-drawn]")
        for key in ("n", "m", "a"):  # next arrow, mark its context, show all steps
            page.keyboard.press(key)
            page.wait_for_timeout(500)
        shot = page.screenshot()
        browser.close()
        return shot


def draw(chromium: str, picture: Path = PICTURE) -> None:
    """Starts a server, photographs its page, and writes the picture."""
    command = [sys.executable, "-c", COMMAND, "explore", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    try:
        shot = screenshot(chromium, server.stdout.readline().strip())
    finally:
        server.terminate()
        server.wait()
    made = PngImagePlugin.PngInfo()
    for name, own in inputs().items():
        made.add_text(name, own)
    Image.open(io.BytesIO(shot)).save(picture, pnginfo=made, optimize=True)


def main() -> int:
    """Draws or checks; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--check", action="store_true")
    name = PICTURE.relative_to(ROOT)
    if parser.parse_args().check:
        if others := stale():
            print(f"{name}: drawn from other {' and '.join(others)}; run make docs")
        return 1 if others else 0
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("page: needs Chromium: apt-get install chromium", file=sys.stderr)
        return 2
    draw(chromium)
    print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
