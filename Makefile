# One way to do each thing. `make help` lists them.
SHELL := /bin/sh
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
NODE := node --disable-warning=ExperimentalWarning
JEST := $(NODE) --experimental-vm-modules node_modules/jest/bin/jest.js
SUITE ?= proxy
REFERENCE := docs/policies/reference.md
EXAMPLES := k8s/examples/env-mode/policies k8s/examples/injected/base/policies

.PHONY: help demo test check format docs manifests bench fuzz test-netns test-cluster test-image cluster regoc conformance python node-clients build clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: node_modules regoc ## everything set up, and the main job running on embedded defaults
	@$(NODE) src/main.ts demo

test: node_modules regoc conformance python node-clients ## everything set up, and all tests
	$(NODE) src/main.ts policy test rego/postern
	$(NODE) src/main.ts policy test rego/examples
	$(NODE) src/main.ts policy test rego/starter
	@for example in $(EXAMPLES); do $(NODE) src/main.ts policy test $$example || exit 1; done
	$(JEST) $(T)

check: node_modules regoc node-clients ## format, lint, types, layers, dead code, Rego
	oxfmt --check .
	oxlint --type-aware
	tsc -p .
	depcruise --config .dependency-cruiser.mjs src
	knip
	$(NODE) src/main.ts policy fmt --check rego k8s
	$(NODE) src/main.ts policy lint rego/postern
	$(NODE) src/main.ts policy lint rego/examples
	$(NODE) src/main.ts policy lint rego/starter
	@for example in $(EXAMPLES); do $(NODE) src/main.ts policy lint $$example || exit 1; done
	@$(NODE) tools/docs/main.ts --check
	$(NODE) src/main.ts policy docs rego/postern --check $(REFERENCE)
	@if command -v go >/dev/null; then go -C tools/regoc test ./...; else echo 'SKIP: tests of tools/regoc need Go'; fi

format: node_modules regoc ## write the format that check demands
	oxfmt .
	$(NODE) src/main.ts policy fmt rego

docs: node_modules regoc ## write the pages of docs/ that are made from the code
	@$(NODE) tools/docs/main.ts
	@$(NODE) src/main.ts policy docs rego/postern --out $(REFERENCE)

manifests: ## k8s/install, as the chart renders it (needs Go, for Helm)
	@test/cluster/node/build helm
	@"$${CLUSTER_CACHE:-$${XDG_CACHE_HOME:-$$HOME/.cache}/postern-cluster}/bin/helm" template postern charts/postern --namespace postern-system > k8s/install/postern.yaml

fuzz: node_modules ## every parser, SECONDS each, guided by coverage; TARGET picks one
	@$(NODE) test/fuzz/main.ts

bench: node_modules regoc build ## figures as a table and build/bench/<SUITE>.json
	@$(NODE) test/bench/$(SUITE).ts

cluster: node_modules regoc build ## a real Kubernetes with Postern in it
	@test/cluster/run --keep

test-netns: node_modules regoc python node-clients ## ways round, tried in real network namespaces (needs root and nft)
	$(JEST) test/netns

test-cluster: node_modules regoc build ## the same, tested and taken down; before it, a real API server alone
	@if command -v go >/dev/null; then test/cluster/node/build kube helm; fi
	$(JEST) test/cluster/api
	@test/cluster/run

test-image: node_modules regoc build ## the Dockerfile, built by podman, and what comes of it, run (needs podman)
	@$(NODE) test/cluster/image/main.ts

regoc: node_modules ## the Rego compiler as a WASI module (needs Go; cached)
	@tools/regoc/build.sh

conformance: ## the cases that OPA tests itself by, compiled for our host (needs Go; cached)
	@tools/regoc/conformance/build.sh

python: ## the Python clients that tests speak through (needs Python 3.10; cached)
	@test/python/setup.sh

node-clients: ## the Node SDKs that tests speak through (cached)
	@test/node/setup.sh

build: node_modules ## dist/, as the image ships it
	@$(NODE) tools/build/main.ts

clean: ## what was built; caches stay
	rm -rf dist build coverage

node_modules: package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch node_modules
