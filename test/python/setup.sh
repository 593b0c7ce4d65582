#!/bin/sh
# The Python clients that tests speak through, in .cache/python: exactly those of requirements.txt, by hash. Made once.
set -eu
cd "$(dirname "$0")/../.."
home=.cache/python
stamp=$(cat test/python/requirements.txt | (sha256sum 2>/dev/null || shasum -a 256) | cut -c 1-64)
[ "$(cat "$home/stamp" 2>/dev/null || true)" = "$stamp" ] && exit 0
python=${PYTHON:-python3}
if ! "$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
  echo 'SKIP: tests of the Python SDKs need Python 3.10 or newer with venv' >&2
  exit 0
fi
echo 'Python clients for the tests: installing, this takes a minute' >&2
rm -rf "$home"
"$python" -m venv "$home"
# The list is whole, so nothing is left to resolve: pip's resolver would take the newest of what another names with extras, by no hash.
"$home/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r test/python/requirements.txt
"$home/bin/pip" check --disable-pip-version-check >&2
echo "$stamp" >"$home/stamp"
