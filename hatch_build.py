"""What the wheel of the cloud depends on, read from the requirement files: one place says it. Knows only hatchling."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

EXTRAS = {"speech": "requirements-speech.txt", "media": "requirements-media.txt"}
SDK = "open-glasses-sdk"


class CustomMetadataHook(MetadataHookInterface):
    """Fills in `dependencies` and `optional-dependencies`, which pyproject.toml calls dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add what runs the cloud, the SDK that the demo's apps use, and what each extra brings."""
        root = Path(self.root)
        metadata["dependencies"] = [*_requirements(root / "requirements.txt"), f"{SDK}=={_sdk_version(root)}"]
        metadata["optional-dependencies"] = {
            extra: _requirements(root / file) for extra, file in EXTRAS.items()
        }


def _requirements(file: Path) -> list[str]:
    """Return the requirements of a file; comments and options of pip are none."""
    lines = (line.strip() for line in file.read_text().splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def _sdk_version(root: Path) -> str:
    (version,) = re.findall(
        r'^__version__ = "(.+)"$', (root / "mentra_sdk/version.py").read_text(), re.MULTILINE
    )
    return str(version)
