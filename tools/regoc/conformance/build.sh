#!/bin/sh
# Writes the cases that OPA tests itself by into build/conformance; does nothing when they are those of this OPA already.
set -eu
cd "$(dirname "$0")/.."
root=$(cd ../.. && pwd)
capabilities=$root/rego/capabilities.json
target=$root/build/conformance
command -v go >/dev/null || { echo 'SKIP: the cases of OPA need Go'; exit 0; }
key=$(cat go.mod go.sum conformance/*.go "$capabilities" | sha256sum | cut -d' ' -f1)
[ "$(cat "$target/key" 2>/dev/null)" = "$key" ] && exit 0
rm -rf "$target"
mkdir -p "$target"
log=$target/build.log
if ! GOFLAGS=-mod=readonly go run ./conformance -out "$target" -capabilities "$capabilities" 2>"$log"; then
  sed -E 's#(https?://)?[A-Za-z0-9.-]+(:[0-9]+)?/[^ ]*@v/[^ ]*#<module>#g; s#https?://[^ ]+#<address>#g' "$log" >&2
  exit 1
fi
printf '%s\n' "$key" >"$target/key"
