FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY scripts scripts
COPY src src
RUN node scripts/ready.mjs && npm prune --omit=dev

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production AUDITLAKE_HOME=/data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY jobs jobs
# A volume takes over the owner of the folder it is first mounted on.
RUN mkdir -m 0700 /data && chown node:node /data
USER node
# Nothing is written anywhere else: the root file system may be read-only.
VOLUME /data
EXPOSE 9464
# Alive, not healthy: a vendor that fails must not have the container restarted.
HEALTHCHECK --interval=60s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/bin.js"]
CMD ["schedule"]
