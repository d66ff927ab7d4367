"""Signs pictures that `publish --content-credentials` wrote (C2PA).

    python src/tools/content_credentials/sign.py FOLDER SIGNED --certificate CHAIN.pem --key KEY.pem [--algorithm es256]

Every picture in FOLDER that has a NAME.c2pa.json beside it is signed and written to the same path in SIGNED. CHAIN.pem has the
certificate of the signer first, then those of its issuers. Nothing is sent over the network: no time stamp is added.
"""

import argparse
import json
import sys
from pathlib import Path

from c2pa import Builder, C2paError, C2paSignerInfo, Signer

DEFINITION = ".c2pa.json"


def signed(folder: Path, target: Path, signer: Signer) -> int:
    """Signs all pictures of a folder and returns their number."""
    count = 0
    for definition in sorted(folder.rglob(f"*{DEFINITION}")):
        picture = definition.with_name(definition.name.removesuffix(DEFINITION))
        if not picture.is_file():
            sys.exit(f"{definition}: expected a picture beside it, found no {picture.name}")
        output = target / picture.relative_to(folder)
        output.parent.mkdir(parents=True, exist_ok=True)
        manifest = json.loads(definition.read_text(encoding="utf-8"))
        try:
            with Builder.from_json(manifest) as builder, picture.open("rb") as source, output.open("w+b") as sink:
                builder.sign(signer, manifest["format"], source, sink)
        except C2paError as e:
            output.unlink(missing_ok=True)
            sys.exit(f"{picture} cannot be signed: {e}")
        count += 1
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="what publish wrote")
    parser.add_argument("signed", type=Path, metavar="SIGNED", help="the folder for the signed pictures")
    parser.add_argument("--certificate", type=Path, required=True, metavar="PEM", help="the chain of certificates, the signer's first")
    parser.add_argument("--key", type=Path, required=True, metavar="PEM", help="the private key of the signer, PKCS #8")
    parser.add_argument("--algorithm", default="es256", help="es256, es384, es512, ps256, ps384, ps512 or ed25519 (default: %(default)s)")
    options = parser.parse_args()
    info = C2paSignerInfo(options.algorithm, options.certificate.read_bytes(), options.key.read_bytes(), None)
    with Signer.from_info(info) as signer:
        count = signed(options.folder, options.signed, signer)
    if count == 0:
        sys.exit(f"{options.folder}: expected NAME{DEFINITION} files; run publish with --content-credentials")
    print(f"{count} pictures signed in {options.signed}")


if __name__ == "__main__":
    main()
