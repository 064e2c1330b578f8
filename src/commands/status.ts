import type { Context } from '../runs/context.ts';
import { EXIT, type ExitCode, integrityError, usageError, worstExit } from '../errors.ts';
import { printable } from '../platform/printable.ts';
import { publishedGeneration } from '../load/warehouse/begin.ts';
import { Archive } from '../state/archive.ts';
import { lastRuns } from '../state/ledger-queries.ts';
import type { RunLine } from '../state/ledger-schema.ts';
import { type Attention, attentionIn } from './attention.ts';
import { calendar } from './calendar.ts';
import {
  alarmLines,
  type CoverageAsked,
  type CoverageReport,
  coverageReport,
  retentionJson,
  retentionLines,
} from './coverage.ts';
import { type SinkStatus, sinksIn, sinksScreen } from './status-sinks.ts';
import { table } from './table.ts';

type StreamStatus = {
  stream: string;
  watermark: string | null;
  /** `part` is the last team, user or day that was read, for series. */
  open_window: { from: string; to: string; read_up_to: string; part: string | null } | null;
  records: number;
  newest_event: string | null;
  /** What the vendor keeps of it, as it was measured last. */
  retention: unknown;
  last_outcome: string | null;
  last_error: { code?: string; message?: string; hint?: string } | null;
};

const RUNS_SHOWN = 5;

/**
 * What is archived, how fresh it is, what wants attention, and how the last runs went. A run may be at work meanwhile.
 * It is a look: only who asks for the coverage gets alarms as exit code.
 *
 * @param asked null if nobody asks for the coverage
 * @throws AuditlakeError `integrity` (exit 5) if the warehouse has more than the archive
 */
export async function statusCommand(
  context: Context,
  asked: CoverageAsked | null,
): Promise<ExitCode> {
  const { layout, output, json, config } = context;
  // Before the archive: a run that publishes between the two has then archived more, not less.
  const published = await publishedGeneration(config.home);
  const archive = await Archive.openForReading(layout);
  const { state } = archive.ledger;
  if (published !== null && state.seq < published.seq) {
    throw integrityError(
      `${layout.archive} ${state.seq === 0 ? 'has no ledger' : `ends at seq ${state.seq}`}, but the warehouse was made from it up to seq ${published.seq}`,
      'the archive is the record: restore it from a copy before the next sync, which would begin anew',
    );
  }
  // An alarm that watches the wrong folder must not stay silent.
  if (asked !== null && state.seq === 0) {
    throw usageError(`there is no archive in ${layout.home}`, 'name its folder with --home');
  }
  const runs = await lastRuns(archive, RUNS_SHOWN);
  const report = await coverageReport(context, archive, asked);
  const readings = new Map(report.streams.map((r) => [`${r.source}/${r.stream}`, r]));
  const last = new Map(
    runs.flatMap((run) => run.streams.map((entry) => [`${entry.source}/${entry.stream}`, entry])),
  );
  const names = new Set([...Object.keys(state.cursors), ...last.keys()]);
  const streams = [...names].map((stream): StreamStatus => {
    const cursor = state.cursors[stream];
    const total = state.totals[stream];
    const entry = last.get(stream);
    const reading = readings.get(stream);
    return {
      stream,
      watermark: iso(cursor?.watermark ?? null),
      open_window:
        cursor?.window == null
          ? null
          : {
              from: new Date(cursor.window.from).toISOString(),
              to: new Date(cursor.window.to).toISOString(),
              read_up_to: new Date(cursor.window.place).toISOString(),
              part: cursor.window.part ?? null,
            },
      records: total?.records ?? 0,
      newest_event: total?.max_time ?? null,
      retention: reading === undefined ? null : retentionJson(reading),
      last_outcome: (entry?.['outcome'] as string | undefined) ?? null,
      last_error: (entry?.['error'] as StreamStatus['last_error'] | undefined) ?? null,
    };
  });
  const attention = await attentionIn(config.home, (text) => output.say(text));
  const sinks = await sinksIn(config.home, published, (text) => output.say(text));
  const warehouse = published === null ? null : { seq: published.seq, archive_seq: state.seq };
  const { days, alarms } = report;
  if (json) {
    const coverage = days === null ? {} : { coverage: days };
    const shown = { streams, warehouse, sinks, ...attention, ...coverage, alarms };
    output.line(JSON.stringify({ version: 1, ...shown, runs: runs.map(runJson) }));
  } else if (days === null) {
    output.line(screen(streams, warehouse, sinks, attention, report, runs, config.home));
  } else output.line(coverageScreen(report, calendar(days, output.isRich)));
  return days === null ? EXIT.complete : worstExit(alarms.map(({ exit }) => exit));
}

function screen(
  streams: StreamStatus[],
  warehouse: { seq: number; archive_seq: number } | null,
  sinks: readonly SinkStatus[],
  attention: Attention,
  { streams: readings, alarms }: CoverageReport,
  runs: RunLine[],
  home: string,
): string {
  if (streams.length === 0) {
    return `nothing is archived in ${home} yet; \`auditlake sync\` begins`;
  }
  const rows = streams.map((s) => [
    s.stream,
    s.last_outcome ?? '',
    String(s.records),
    s.newest_event ?? '',
    s.open_window === null
      ? (s.watermark ?? '')
      : `${s.open_window.part ?? s.open_window.read_up_to} (window open)`,
  ]);
  const troubles = streams
    .filter((s) => s.last_error !== null)
    .map(
      (s) => `${s.stream}: ${printable(s.last_error?.message ?? '')} - ${s.last_error?.hint ?? ''}`,
    );
  return [
    table(['stream', 'last outcome', 'records', 'newest event', 'read up to'], rows),
    ...troubles,
    ...alarmLines(alarms),
    '',
    ...retentionLines(readings),
    warehouse === null
      ? 'warehouse: none; `auditlake rebuild` makes it from the archive'
      : `warehouse: at seq ${warehouse.seq}, the archive at ${warehouse.archive_seq}`,
    ...sinksScreen(sinks),
    ...attention.anomalies.map(({ kind, count }) => `anomalies: ${count} ${printable(kind)}`),
    ...(runs.at(-1)?.quirks ?? []).map(
      ({ source, code, what }) => `${source} differs: ${code}: ${printable(what)}`,
    ),
    ...attention.unknown_actions.map(
      ({ action, count }) => `action not in the vocabulary: ${printable(action)} (${count} events)`,
    ),
    '',
    table(
      ['run', 'outcome', 'started', 'finished'],
      runs.map((run) => [run.run_id, run.outcome, run.started_at, run.finished_at]),
    ),
  ].join('\n');
}

function coverageScreen({ streams, alarms }: CoverageReport, days: string): string {
  const retention = retentionLines(streams);
  return [
    days,
    '',
    ...retention,
    ...(alarms.length === 0 ? ['no alarm'] : alarmLines(alarms)),
  ].join('\n');
}

function runJson(run: RunLine): unknown {
  const { job, run_id, outcome, started_at, finished_at, streams, quirks = [] } = run;
  return { job, run_id, outcome, started_at, finished_at, streams, quirks };
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
