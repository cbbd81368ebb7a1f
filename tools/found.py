"""What a campaign has found, as JSON, while it goes on and at its end."""

import json
from collections.abc import Mapping
from pathlib import Path

from ntmlab.files import write_atomically


def tell(found: Mapping[str, object], out: Path | None) -> str:
    """The text of it, which a file holds from now on, if one is named."""
    text = json.dumps(found, indent=2)
    if out is not None:
        write_atomically(out, f"{text}\n".encode())
    return text
