import { existsSync } from 'node:fs';
import type { Logger } from 'node-cron';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Context } from '../runs/context.ts';
import { writesToStdout } from '../runs/deliver/open-sinks.ts';
import { EXIT, type ExitCode, messageOf, usageError } from '../errors.ts';
import type { Millis } from '../model.ts';
import { documentMetrics } from '../schedule/document-metrics.ts';
import { problemsOf } from '../schedule/health.ts';
import { jobNamed } from '../schedule/jobs.ts';
import { dueBeforeLast, readCron } from '../schedule/last-due.ts';
import { jobMetrics } from '../schedule/metrics.ts';
import { readRecords, recordOf, writeRecords } from '../schedule/records.ts';
import { keepSchedule, type Scheduled } from '../schedule/scheduler.ts';
import { json, plain, type Routes, serve } from '../schedule/server.ts';
import { openZone, type Zone } from '../schedule/zone.ts';
import { selection } from '../runs/run-job.ts';
import { prime, runScheduled } from './run-scheduled.ts';

/** How long a sync may take before its lateness counts. */
const GRACE = 3_600_000;

/**
 * Stays up and runs the jobs at their times, each as a process of its own: memory does not build up over the years, a crash
 * is an exit code, and what is run is what a person would type. Ends well when asked to.
 *
 * @param globals the options that every job is run with
 */
export async function scheduleCommand(
  context: Context,
  { globals, version }: { globals: readonly string[]; version: string },
): Promise<ExitCode> {
  const { config, layout, output, signal, now } = context;
  // Without a source every job would be refused.
  selection(context, []);
  const onStdout = config.sinks.find(writesToStdout);
  if (onStdout !== undefined) {
    throw usageError(
      `the sink ${onStdout.name} writes to standard output, which a schedule’s jobs need for their reports`,
      'give it a file or folder',
    );
  }
  const { schedule } = config;
  const zone = openZone(schedule.timezone);
  const records = await readRecords(
    config.home,
    schedule.jobs.map(({ name }) => jobNamed(name)),
    { now: now(), isEmpty: !existsSync(layout.ledger), catchUp: schedule.catchUp },
    (text) => output.log.warn(text),
  );
  const jobs = schedule.jobs.map(({ name, line }): Scheduled => ({
    job: jobNamed(name),
    line: readCron(line),
    record: recordOf(records, name),
  }));
  const registry = openRegistry(version);
  const metrics = { jobs: jobMetrics(registry), documents: documentMetrics(registry) };
  const listening =
    schedule.listen === null
      ? null
      : await serve(schedule.listen, routesTo({ jobs, registry, zone, now }));
  try {
    await writeRecords(config.home, records);
    const lines = Object.fromEntries(schedule.jobs.map(({ name, line }) => [name, line]));
    const { timezone } = schedule;
    output.log.info({ listening: listening?.url ?? null, timezone, ...lines }, 'schedule is up');
    await prime(context, globals, { jobs, records }, metrics);
    await keepSchedule({
      ...schedule,
      jobs,
      zone,
      save: () =>
        // A full disk must not end what can still read and report.
        writeRecords(config.home, records).catch((error: unknown) => {
          output.log.error({ err: error }, 'the times of the jobs could not be noted');
        }),
      run: (job, startedAt) => runScheduled(context, globals, metrics, job, startedAt),
      log: cronLog(context),
      signal,
      now,
    });
    output.log.info('schedule ends on request; what was cut short is started again next time');
    return EXIT.complete;
  } finally {
    await listening?.close();
  }
}

function openRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const info = new Gauge({
    name: 'auditlake_build_info',
    help: 'Always 1; the labels say which build this is.',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  info.set({ version, node: process.versions.node }, 1);
  return registry;
}

function routesTo(at: {
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

/** node-cron prints to stdout where it is not given a log. */
function cronLog({ output: { log } }: Context): Logger {
  return {
    info: (text) => log.info(text),
    warn: (text) => log.warn(text),
    error: (error) => log.error({ err: error }, 'node-cron'),
    debug: (text) => log.debug(messageOf(text)),
  };
}
