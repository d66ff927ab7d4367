#!/usr/bin/env bash
# test_certificate.sh FOLDER: makes chain.pem and key.pem for tests. C2PA wants a certificate that somebody else issued, for signing
# e-mails or documents. Viewers will call the signer unknown; for real signatures get a certificate from an issuer on C2PA's trust list.
set -euo pipefail
cd "$1"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout issuer-key.pem -out issuer.pem -days 30 \
  -subj "/O=nst test/CN=nst test issuer" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out request.pem \
  -subj "/O=nst test/CN=nst test signer" 2>/dev/null
openssl x509 -req -in request.pem -CA issuer.pem -CAkey issuer-key.pem -CAcreateserial -days 30 -out signer.pem -extfile /dev/stdin 2>/dev/null <<'EXTENSIONS'
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=emailProtection
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
EXTENSIONS
cat signer.pem issuer.pem >chain.pem
