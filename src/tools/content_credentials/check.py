"""Checks signed pictures: python check.py PUBLISHED SIGNED. The signature must match, and the manifest must be the one of publish."""

import json
import sys
from pathlib import Path

from c2pa import Reader

# A test certificate is on no list of trusted ones. Everything else must be right.
ACCEPTED = {"signingCredential.untrusted"}
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def check(picture: Path, definition: Path) -> None:
    wanted = json.loads(definition.read_text(encoding="utf-8"))
    with picture.open("rb") as file, Reader(wanted["format"], file) as reader:
        store = json.loads(reader.json())
    found = store["manifests"][store["active_manifest"]]
    assert found["title"] == wanted["title"], found["title"]
    labels = {assertion["label"]: assertion["data"] for assertion in found["assertions"]}
    action = labels["c2pa.actions.v2"]["actions"][0]
    assert (action["action"], action["digitalSourceType"]) == ("c2pa.created", SOURCE_TYPE), action
    inputs = next(a["data"] for a in wanted["assertions"] if a["label"] == "io.github.nst.inputs")
    assert labels["io.github.nst.inputs"] == inputs, labels
    faults = {status["code"] for status in store.get("validation_status", [])}
    assert faults <= ACCEPTED, faults


def changed_pixels_are_found(picture: Path, mime: str) -> None:
    damaged = bytearray(picture.read_bytes())
    damaged[-100] ^= 1
    copy = picture.with_suffix(".damaged")
    copy.write_bytes(damaged)
    with copy.open("rb") as file, Reader(mime, file) as reader:
        codes = {status["code"] for status in json.loads(reader.json()).get("validation_status", [])}
    assert "assertion.dataHash.mismatch" in codes, codes


def main() -> None:
    published, signed = Path(sys.argv[1]), Path(sys.argv[2])
    pictures = sorted(path for path in signed.rglob("*") if path.suffix in (".png", ".jpg"))
    assert {".png", ".jpg"} <= {path.suffix for path in pictures}, "expected a PNG and a JPEG"
    for picture in pictures:
        check(picture, published / f"{picture.relative_to(signed)}.c2pa.json")
    first = next(picture for picture in pictures if picture.suffix == ".jpg")
    changed_pixels_are_found(first, "image/jpeg")
    print(f"{len(pictures)} signed pictures checked")


if __name__ == "__main__":
    main()
