import { existsSync } from 'node:fs';
import type { Logger } from 'node-cron';
import type { Registry } from 'prom-client';
import type { Context } from '../runs/context.ts';
import { writesToStdout } from '../runs/deliver/open-sinks.ts';
import { EXIT, type ExitCode, messageOf, usageError } from '../errors.ts';
import { type Configured, documentMetrics } from '../schedule/document-metrics.ts';
import { homeMetrics } from '../schedule/home-metrics.ts';
import { jobNamed, JOBS } from '../schedule/jobs.ts';
import { readCron } from '../schedule/last-due.ts';
import { jobMetrics } from '../schedule/metrics.ts';
import { nextStart } from '../schedule/next-start.ts';
import { openRegistry } from '../schedule/registry.ts';
import { readRecords, recordOf, writeRecords } from '../schedule/records.ts';
import { routesOf } from '../schedule/routes.ts';
import { keepSchedule, type Scheduled } from '../schedule/scheduler.ts';
import { serve } from '../schedule/server.ts';
import { REGISTRY } from '../config/registry.ts';
import { openZone, type Zone } from '../platform/zone.ts';
import { selectStreams } from '../runs/sources.ts';
import { type Metrics, refresh, runScheduled } from './run-scheduled.ts';

/**
 * Stays up and runs the jobs at their times, each as a process of its own: memory does not build up over the years, a crash
 * is an exit code, and what is run is what a person would type. Ends well when asked to.
 *
 * @param globals the options that every job is run with
 */
export async function runSchedule(
  context: Context,
  { globals, version }: { globals: readonly string[]; version: string },
): Promise<ExitCode> {
  const { config, layout, output, signal, now } = context;
  if (context.registry !== REGISTRY) {
    throw usageError(
      'schedule runs each job as a process of its own, which knows only the vendors and sinks that come with auditlake',
      'call `sync` from a scheduler of your own',
    );
  }
  // Without a source every job would be refused.
  selectStreams(context, []);
  const onStdout = config.sinks.find(writesToStdout);
  if (onStdout !== undefined) {
    throw usageError(
      `the sink ${onStdout.name} writes to standard output, which a schedule’s jobs need for their reports`,
      'give it a file or folder',
    );
  }
  const { schedule } = config;
  const zone = openZone(schedule.timezone);
  const isScheduled = (name: string): boolean => schedule.jobs.some((job) => job.name === name);
  const records = await readRecords(
    config.home,
    // Freshness is reported even where something else runs that job.
    JOBS.filter(({ name, freshness }) => freshness || isScheduled(name)),
    { now: now(), isEmpty: !existsSync(layout.ledger), catchUp: schedule.catchUp },
    (text) => output.log.warn(text),
  );
  const jobs = schedule.jobs.map(({ name, line }): Scheduled => ({
    job: jobNamed(name),
    line: readCron(line),
    record: recordOf(records, name),
  }));
  const registry = openRegistry(version);
  const metrics = metricsOf(context, { registry, jobs, zone });
  const listening =
    schedule.listen === null
      ? null
      : await serve(schedule.listen, routesOf({ jobs, registry, zone, now }));
  try {
    await writeRecords(config.home, records);
    const lines = Object.fromEntries(schedule.jobs.map(({ name, line }) => [name, line]));
    const { timezone } = schedule;
    output.log.info({ listening: listening?.url ?? null, timezone, ...lines }, 'schedule is up');
    await refresh(context, globals, records, metrics, true);
    await keepSchedule({
      ...schedule,
      jobs,
      zone,
      save: () =>
        // A full disk must not end what can still read and report.
        writeRecords(config.home, records).catch((error: unknown) => {
          output.log.error({ err: error }, 'the times of the jobs could not be noted');
        }),
      run: (job, startedAt) => runScheduled(context, globals, records, metrics, job, startedAt),
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

/** With the series of what is configured. */
function metricsOf(
  context: Context,
  { registry, jobs, zone }: { registry: Registry; jobs: readonly Scheduled[]; zone: Zone },
): Metrics {
  const { config, now } = context;
  const metrics = {
    jobs: jobMetrics(registry, ({ record, ...planned }, isRunning) =>
      nextStart(planned, zone, record, { now: now(), isRunning }),
    ),
    documents: documentMetrics(registry, now),
    home: homeMetrics(registry, config.home),
  };
  metrics.jobs.expected(jobs);
  metrics.documents.expected(configuredIn(context));
  return metrics;
}

/** What there will be figures of. */
function configuredIn({ config: { sources, sinks, schedule } }: Context): Configured {
  return {
    streams: sources.flatMap(({ name: source, vendor }) =>
      vendor.streams.map(({ name: stream }) => ({ source, stream })),
    ),
    sinks: sinks.map(({ name }) => name),
    verifying: schedule.jobs
      .filter(({ name }) => jobNamed(name).run[0] === 'verify')
      .map(({ name }) => name),
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
