#!/bin/sh
# The Node SDKs that tests speak through, in test/node/node_modules: exactly those of package-lock.json. Made once.
set -eu
cd "$(dirname "$0")"
[ node_modules/.package-lock.json -nt package-lock.json ] && exit 0
echo 'Node clients for the tests: installing' >&2
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
touch node_modules/.package-lock.json
