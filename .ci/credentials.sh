#!/usr/bin/env bash
# Publishes the pictures of the sample with C2PA definitions, signs them with a test certificate by the documented command, and reads
# the signatures with the library of the Content Authenticity Initiative. Needs target/sample-out.
set -euo pipefail
cd "$(dirname "$0")/.."

work=target/credentials
rm -rf "$work"
mkdir -p "$work"
./submit.sh publish --output target/sample-out --to "$work/published" --names "{id}.{ext}" --content-credentials
tools=src/tools/content_credentials
src/tools/python_environment.sh "$work/venv" $tools/requirements.txt
$tools/test_certificate.sh "$work"
"$work/venv/bin/python" $tools/sign.py "$work/published" "$work/signed" --certificate "$work/chain.pem" --key "$work/key.pem"
"$work/venv/bin/python" $tools/check.py "$work/published" "$work/signed"
