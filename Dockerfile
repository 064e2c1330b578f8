FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
RUN node scripts/build.mjs

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="auditlake" \
      org.opencontainers.image.description="A flight recorder for AI coding tools" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/auditlake/auditlake" \
      org.opencontainers.image.documentation="https://github.com/auditlake/auditlake/tree/main/docs"
ENV NODE_ENV=production AUDITLAKE_HOME=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY jobs jobs
COPY questions questions
COPY detections detections
COPY --from=build /app/dist dist
# A volume takes over the owner of the folder that it is first mounted on.
RUN ln -s /app/dist/bin.js /usr/local/bin/auditlake && mkdir -m 0700 /data && chown 1000:1000 /data
# A number, so that Kubernetes can see that it is not root.
USER 1000:1000
# Nothing is written anywhere else: the root file system may be read-only.
VOLUME /data
EXPOSE 9464
# Alive, not healthy: a failure of a vendor must not have the container restarted.
HEALTHCHECK --interval=60s --timeout=5s --start-period=30s \
  CMD ["node", "/app/dist/healthcheck.js", "/proc/1/cmdline"]
ENTRYPOINT ["auditlake"]
CMD ["schedule"]
