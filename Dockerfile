# syntax=docker/dockerfile:1
# One image for all roles: postern sidecar, postern policy, …
# The last stage is also what test/cluster/build-image.ts reads, to make the same image where there is no container engine.

FROM golang:1.26-bookworm AS regoc
WORKDIR /build
COPY tools/regoc tools/regoc
RUN tools/regoc/build.sh

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json ./
# Optional packages hold what is made for this machine; Node itself comes with the image. What npm notes for itself stays out, too:
# it names the registry.
RUN npm ci --omit=dev --ignore-scripts --no-bin-links --no-audit --no-fund && \
  rm -rf node_modules/node-linux-* node_modules/.package-lock.json

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY tools/build tools/build
COPY src src
RUN node tools/build/main.ts

# What `postern-init` runs, alone; with the libraries it needs beyond the C library.
FROM debian:bookworm-slim AS nft
RUN apt-get update && apt-get install -y --no-install-recommends nftables && rm -rf /var/lib/apt/lists/*
RUN libraries="/nft/usr/lib/$(uname -m)-linux-gnu" && mkdir -p "$libraries" /nft/usr/sbin && cp /usr/sbin/nft /nft/usr/sbin/ && \
  ldd /usr/sbin/nft | awk '$3 ~ "^/" && $3 !~ "/lib[cm][.]so" { print $3 }' | xargs cp -Lt "$libraries"

# A C library, certificates, nft and Node: no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
WORKDIR /app
COPY --from=build /usr/local/bin/node /usr/bin/node
COPY --from=nft /nft/ /
COPY --from=dependencies /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY --from=regoc /build/.cache/regoc/regoc.wasm regoc.wasm
COPY rego rego
COPY package.json LICENSE ./
ENV NODE_ENV=production
# What one thread frees another can use.
ENV MALLOC_ARENA_MAX=1
USER 65532:65532
# Text never becomes code, prototypes are not reachable by key, no signal opens a debugger; a small heap, for a small neighbour, and
# what fills it in busy moments is given back in quiet ones.
ENTRYPOINT ["/usr/bin/node", \
  "--disable-proto=delete", "--disallow-code-generation-from-strings", "--disable-sigusr1", \
  "--max-semi-space-size=4", "--max-old-space-size=96", "--expose-gc", \
  "/app/dist/main.js"]
