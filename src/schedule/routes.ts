import type { Registry } from 'prom-client';
import type { Millis } from '../model.ts';
import { problemsOf } from './health.ts';
import { dueBeforeLast } from './last-due.ts';
import type { Scheduled } from './scheduler.ts';
import { json, plain, type Routes } from './server.ts';
import type { Zone } from '../platform/zone.ts';

/** How long a job may take before its lateness counts. */
const GRACE = 3_600_000;

/** What the schedule answers on each path. */
export function routesOf(at: {
  jobs: readonly Scheduled[];
  registry: Registry;
  zone: Zone;
  now: () => Millis;
}): Routes {
  const { jobs, registry, zone, now } = at;
  return {
    '/metrics': async () => ({
      status: 200,
      type: registry.contentType,
      body: await registry.metrics(),
    }),
    '/livez': () => plain(200, 'ok'),
    '/healthz': () => {
      const watched = jobs.map(({ job, line, record }) => {
        return { job, record, staleBefore: dueBeforeLast(line, zone, now() - GRACE) };
      });
      const problems = problemsOf(watched);
      return problems.length === 0
        ? json(200, { status: 'ok' })
        : json(503, { status: 'unhealthy', problems });
    },
  };
}
