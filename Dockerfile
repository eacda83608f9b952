# The operator's image. Reproducible: give the image that it is built with by its digest, and the time of the commit, e.g.
#   docker build --build-arg BUILD_IMAGE=node:24-bookworm-slim@sha256:… --build-arg SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)" \
#     --build-arg VERSION=… --build-arg REVISION="$(git rev-parse HEAD)" .
ARG BUILD_IMAGE=node:24-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# Not "npm ci", which from npm 11 on refuses a lock file without the optional packages of all platforms.
RUN npm install --no-save --ignore-scripts --no-audit --no-fund
COPY scripts/build.ts scripts/
COPY loader loader
COPY src src
ARG SOURCE_DATE_EPOCH=0
# The operator, Node.js, and the libraries that this is linked with.
RUN node scripts/build.ts && mkdir /image && cp --recursive dist /image/app \
    && cp --parents --dereference /usr/local/bin/node $(ldd /usr/local/bin/node | grep --only-matching '/[^ ]*') /image \
    && find /image -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH}" {} +

# No shell and no package manager: what is not there cannot be misused.
FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="openmetadata-ingestion-operator" \
      org.opencontainers.image.description="Kubernetes operator for OpenMetadata ingestion pipelines on Apache Airflow" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image /
# Memory: small young generation, one malloc arena for a process with one busy thread, freed pages back to the system.
ENV PATH=/usr/local/bin NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    MALLOC_TRIM_THRESHOLD_=131072
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=2", "/app/lib/operator/main.mjs"]
