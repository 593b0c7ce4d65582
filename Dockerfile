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
# Optional packages hold what is made for this machine; Node itself comes with the image.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/node-linux-*

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN node_modules/.bin/tsc -p tsconfig.build.json

# A C library, certificates and Node: no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
WORKDIR /app
COPY --from=build /usr/local/bin/node /usr/bin/node
COPY --from=dependencies /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY --from=regoc /build/.cache/regoc/regoc.wasm regoc.wasm
COPY rego rego
COPY package.json LICENSE ./
ENV NODE_ENV=production
USER 65532:65532
# Text never becomes code, prototypes are not reachable by key, no signal opens a debugger; a small heap, for a small neighbour.
ENTRYPOINT ["/usr/bin/node", \
  "--disable-proto=delete", "--disallow-code-generation-from-strings", "--disable-sigusr1", \
  "--max-semi-space-size=4", "--max-old-space-size=96", \
  "/app/dist/main.js"]
