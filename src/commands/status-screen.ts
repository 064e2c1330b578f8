import type { SinkStatus, StatusDocument, StreamStatus } from '../documents/status.ts';
import { span } from '../evidence/alarms.ts';
import { printable } from '../platform/printable.ts';
import { calendar } from './calendar.ts';
import { partLines } from './part-lines.ts';
import { table } from './table.ts';

export function statusScreen(document: StatusDocument, home: string): string {
  const { streams, alarms, warehouse, sinks, anomalies, unknown_actions, runs } = document;
  if (streams.length === 0) {
    return `nothing is archived in ${home} yet; \`auditlake sync\` begins`;
  }
  return [
    table(['stream', 'last outcome', 'records', 'newest event', 'read up to'], streams.map(row)),
    ...streams.flatMap(errorLines),
    ...streams.flatMap(({ stream, last_parts }) => partLines(stream, last_parts)),
    ...alarms.map(alarmLine),
    '',
    ...retentionLines(streams),
    warehouse === null
      ? 'warehouse: none; `auditlake rebuild` makes it from the archive'
      : `warehouse: at seq ${warehouse.seq}, the archive at ${warehouse.archive_seq}`,
    ...sinks.flatMap(sinkLines),
    ...anomalies.map(({ kind, count }) => `anomalies: ${count} ${printable(kind)}`),
    ...(runs.at(-1)?.quirks ?? []).map(
      ({ source, code, what }) => `${source} differs: ${code}: ${printable(what)}`,
    ),
    ...unknown_actions.map(
      ({ action, count }) => `action not in the vocabulary: ${printable(action)} (${count} events)`,
    ),
    '',
    table(
      ['run', 'outcome', 'started', 'finished'],
      runs.map((run) => [run.run_id, run.outcome, run.started_at, run.finished_at]),
    ),
  ].join('\n');
}

export function coverageScreen(
  { coverage = [], streams, alarms }: StatusDocument,
  isRich: boolean,
): string {
  return [
    calendar(coverage, isRich),
    '',
    ...retentionLines(streams),
    ...verdict(coverage, streams, alarms),
  ].join('\n');
}

type Covered = NonNullable<StatusDocument['coverage']>;

/** That nothing is known to be wrong is no news where nothing is known. */
function verdict(
  coverage: Covered,
  streams: readonly StreamStatus[],
  alarms: StatusDocument['alarms'],
): string[] {
  const known = coverage.filter(({ state }) => state !== 'unknown');
  const names = new Set(known.map(({ source, stream }) => `${source}/${stream}`));
  const covered = streams.filter(({ stream }) => names.has(stream));
  const silent = covered.filter(({ records }) => records === 0);
  const unknown = [
    ...silent.map(({ stream }) => `${stream}: unknown: nothing of it was ever served`),
    ...(covered.length === 0 ? ['unknown: nothing was read of these days'] : []),
  ];
  if (alarms.length > 0) return [...unknown, ...alarms.map(alarmLine)];
  return silent.length === covered.length
    ? unknown
    : [...unknown, 'no alarm; what was before the first day of a stream is unknown'];
}

function row(stream: StreamStatus): string[] {
  const { open_window, watermark } = stream;
  const readUpTo =
    open_window === null
      ? (watermark ?? '')
      : `${open_window.part ?? open_window.read_up_to} (window open)`;
  return [
    stream.stream,
    stream.last_outcome ?? '',
    String(stream.records),
    stream.newest_event ?? '',
    readUpTo,
  ];
}

function errorLines({ stream, last_error }: StreamStatus): string[] {
  if (last_error === null) return [];
  return [`${stream}: ${printable(last_error.message ?? '')} - ${last_error.hint ?? ''}`];
}

function alarmLine({ kind, source, stream, what, hint }: StatusDocument['alarms'][number]): string {
  return `ALARM ${kind}: ${source}/${stream}: ${printable(what)} - ${hint}`;
}

/** What is known of how long the vendors keep their logs, a line each. */
function retentionLines(streams: readonly StreamStatus[]): string[] {
  const sorted = streams.toSorted((a, b) => (a.stream < b.stream ? -1 : 1));
  return sorted.flatMap(({ stream, retention }) => {
    if (retention === null) return [];
    const { oldest_served, measured_at, kept_seconds } = retention;
    const kept =
      kept_seconds === null
        ? 'how long the vendor keeps it is unknown, since it still has all that is archived'
        : `the vendor keeps at least ${span(kept_seconds * 1000)}`;
    return [
      `${stream}: ${kept}; its oldest event is of ${oldest_served}, asked for at ${measured_at}`,
    ];
  });
}

function sinkLines({ sink, tables, last }: SinkStatus): string[] {
  const lines = tables.map(({ table: name, seq, lag, lag_rows }) => {
    const rows = lag_rows === null ? '' : ` (${lag_rows} rows)`;
    return `${sink}: ${name} delivered up to seq ${seq}${lag === 0 ? '' : `, ${lag} behind${rows}`}`;
  });
  if (last?.error == null) return lines;
  const { message, hint } = last.error;
  return [...lines, `${sink}: last ${last.outcome}: ${printable(message)} - ${printable(hint)}`];
}
