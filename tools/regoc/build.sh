#!/bin/sh
# Builds OPA's compiler as a WASI module into the cache; does nothing when the sources and Go are those of the last build.
set -eu
cd "$(dirname "$0")"
cache=${POSTERN_CACHE:-$(cd ../.. && pwd)/.cache}/regoc
target=$cache/regoc.wasm

if ! command -v go >/dev/null; then
  [ -f "$target" ] && { echo "regoc: no Go here; the cached compiler is used" >&2; exit 0; }
  command -v opa >/dev/null && { echo "regoc: no Go here; the opa on PATH will be used" >&2; exit 0; }
  echo "regoc: install Go 1.26 or newer (or opa 1.21.3 or newer) to compile policies" >&2
  exit 69
fi

key=$({ go version; cat go.mod go.sum $(ls ./*.go | grep -v _test.go) build.sh; } | sha256sum | cut -d' ' -f1)
[ -f "$target" ] && [ "$(cat "$cache/key" 2>/dev/null)" = "$key" ] && exit 0

mkdir -p "$cache"
made=$(mktemp "$cache/building.XXXXXX")
trap 'rm -f "$made" "$made.log"' EXIT
echo "regoc: building the Rego compiler, about a minute the first time" >&2
if ! GOOS=wasip1 GOARCH=wasm GOFLAGS=-mod=readonly go build -buildmode=c-shared -trimpath -ldflags "-s -w" -o "$made" . 2>"$made.log"; then
  sed -E 's#(https?://)?[A-Za-z0-9.-]+(:[0-9]+)?/[^ ]*@v/[^ ]*#<module>#g; s#https?://[^ ]+#<address>#g' "$made.log" >&2
  exit 1
fi
chmod 644 "$made"
mv "$made" "$target"
printf '%s\n' "$key" >"$cache/key"
echo "regoc: built, $(($(wc -c <"$target") / 1048576)) MiB" >&2
