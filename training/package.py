"""Put a calibrated model into the package: `python -m training.package --model crack.onnx --card card.json`.

Its scout (`training.scout`) is to be made anew afterwards.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from training.export import embed_card

TARGET = Path(__file__).parents[1] / "src/sightline/models"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--card", type=Path, required=True)
    arguments = parser.parse_args()
    card = json.loads(arguments.card.read_text())
    target = TARGET / "crack.onnx"
    target.write_bytes(arguments.model.read_bytes())
    embed_card(target, card)
    card["sha256"] = hashlib.sha256(target.read_bytes()).hexdigest()
    (TARGET / "crack.json").write_text(json.dumps(card, indent=1) + "\n")
    print(f"{target.name}: {target.stat().st_size} bytes, SHA-256 {card['sha256']}")


if __name__ == "__main__":
    main()
