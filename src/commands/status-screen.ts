import { severity } from '../documents/common.ts';
import type { SinkStatus, StatusDocument, StreamStatus } from '../documents/status.ts';
import { grouped } from '../platform/grouped.ts';
import { printable } from '../platform/printable.ts';
import { DAY, minuteText, span } from '../platform/time.ts';
import { calendar } from './calendar.ts';
import { diagnosisLines } from './diagnosis-lines.ts';
import { partLines } from './part-lines.ts';
import { table } from './table.ts';
import { unavailableLines } from './unavailable-lines.ts';
import { counted } from '../platform/counted.ts';

/**
 * @param isVerbose every stream; else those that are not fine, and a line for each source
 * @param width     of the terminal, where it is for one
 */
export function statusScreen(
  document: StatusDocument,
  { home, isVerbose, width }: { home: string; isVerbose: boolean; width: number | null },
): string {
  const { alarms, warehouse, sinks, anomalies, unknown_actions, runs, diagnosis } = document;
  const streams = document.streams.toSorted((a, b) => (a.stream < b.stream ? -1 : 1));
  if (streams.length === 0) {
    const begun = runningLines(document);
    return [...begun, `nothing is archived in ${home} yet; \`auditlake sync\` begins`].join('\n');
  }
  // Those of a cause that has many are counted there.
  const summedUp = new Set(
    diagnosis.causes.flatMap((cause) => (cause.streams.length > FEW ? cause.streams : [])),
  );
  const late = lateStreams(streams);
  const shown = streams.filter(
    (stream) =>
      isVerbose || !((isFine(stream) && !late.has(stream.stream)) || summedUp.has(stream.stream)),
  );
  return [
    ...diagnosisLines(diagnosis),
    ...runningLines(document),
    table(SOURCE_HEADER, [...grouped(streams, sourceOf)].map(sourceRow)),
    '',
    ...(shown.length === 0 ? [] : [table(STREAM_HEADER, shown.map(row)), '']),
    ...unavailableLines(
      streams
        .filter(({ last_outcome }) => last_outcome === 'unavailable')
        .map(({ stream, last_error: error }) => ({ stream, error })),
    ),
    ...streams.flatMap(({ stream, last_parts }) => partLines(stream, last_parts)),
    ...alarms.map(alarmLine),
    ...retentionLines(streams.filter((stream) => isVerbose || isKept(stream))),
    warehouse === null
      ? 'warehouse: none; `auditlake rebuild` makes it from the archive'
      : `warehouse: at seq ${warehouse.seq}, the archive at ${warehouse.archive_seq}`,
    ...sinks.flatMap(sinkLines),
    ...anomalies.map(({ kind, count }) => `anomalies: ${count} ${printable(kind)}`),
    ...findingLines(document),
    ...(runs.at(-1)?.quirks ?? []).map(
      ({ source, code, what }) => `${source} differs: ${code}: ${printable(what)}`,
    ),
    ...unknownActionLines(unknown_actions),
    '',
    runs.length === 0
      ? 'no run has come to its end yet: what is archived is safe, and `auditlake sync` goes on from there'
      : table(RUN_HEADER, runs.map(runRow), width),
  ].join('\n');
}

function findingLines({ findings }: StatusDocument): string[] {
  const open = severity.options
    .toReversed()
    .filter((each) => findings[each] > 0)
    .map((each) => `${findings[each]} ${each}`);
  if (open.length === 0) return [];
  return [`findings: ${open.join(', ')}; \`auditlake detect\` lists them`];
}

/** So many streams of one cause are listed. */
const FEW = 3;

const SOURCE_HEADER = ['source', 'streams', 'records', 'newest event', 'log read up to'];
const STREAM_HEADER = ['stream', 'last outcome', 'records', 'read up to', 'newest event'];
const RUN_HEADER = ['started', 'run', 'exit', 'read in', 'how it ended'];

/** A stream of which no run has told yet has its archive, and no more to say. */
function isFine({ last_outcome, open_window }: StreamStatus): boolean {
  const isWell = last_outcome === null || ['complete', 'unavailable'].includes(last_outcome);
  return open_window === null && isWell;
}

function sourceOf({ stream }: StreamStatus): string {
  return stream.slice(0, stream.indexOf('/'));
}

/** So far behind the others of its source a stream is late: every run reads them all. */
const LATE = DAY;

/** By its own rhythm: a figure per month is read as far as the run that asked for the month. What has ended is never late. */
function lateStreams(streams: readonly StreamStatus[]): Set<string> {
  const late = [...grouped(streams, sourceOf).values()].flatMap((own) => {
    const newest = Math.max(...own.map(reachedAt));
    return own.filter(
      (stream) =>
        stream.ended !== true &&
        Number.isFinite(reachedAt(stream)) &&
        reachedAt(stream) < newest - LATE,
    );
  });
  return new Set(late.map(({ stream }) => stream));
}

function reachedAt({ read_up_to }: StreamStatus): number {
  return read_up_to == null ? -Infinity : Date.parse(read_up_to);
}

/** A source without a log is read up to where the least of its streams is. Of what has ended nothing more comes. */
function sourceRow([source, streams]: [string, StreamStatus[]]): string[] {
  const fine = streams.filter((stream) => stream.last_outcome === 'complete').length;
  const records = streams.reduce((sum, stream) => sum + stream.records, 0);
  const going = streams.filter(({ ended }) => ended !== true);
  const logs = going.filter(({ kind }) => kind === 'log');
  const telling = logs.length === 0 ? going : logs;
  const newest = telling.flatMap(({ newest_event }) => newest_event ?? []).toSorted();
  const reached = telling.flatMap(({ read_up_to }) => read_up_to ?? []).toSorted();
  return [
    source,
    `${fine} of ${streams.length} complete`,
    String(records),
    minuteText(newest.at(-1) ?? null),
    minuteText(reached[0] ?? null),
  ];
}

const RUNNING = {
  'at work': 'a run is at work',
  'cut short': 'a run was cut short; the next one goes on from there',
  unknown: 'a run has not ended, unless it was cut short',
};

function runningLines({ running }: StatusDocument): string[] {
  if (running === null) return [];
  const { state, started_at, pid, host } = running;
  return [`${RUNNING[state]}: begun at ${started_at} by process ${pid} of ${printable(host)}`, ''];
}

function unknownActionLines(actions: StatusDocument['unknown_actions']): string[] {
  if (actions.length === 0) return [];
  const list = actions.map(({ action, count }) => `${printable(action)} (${count})`);
  return [`actions not in the vocabulary, with how many events: ${list.join(', ')}`];
}

function runRow(run: StatusDocument['runs'][number]): string[] {
  const { started_at, job, outcome, exit, finished_at } = run;
  const seconds = (Date.parse(finished_at) - Date.parse(started_at)) / 1000;
  const end = outcome === 'complete' ? outcome : run.verdict;
  return [minuteText(started_at), job, String(exit), `${seconds.toFixed(1)} s`, end];
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
  const { open_window, read_up_to, watermark } = stream;
  const readUpTo =
    open_window === null
      ? minuteText(read_up_to ?? watermark)
      : `${open_window.part ?? minuteText(open_window.read_up_to)} (window open)`;
  return [
    stream.stream,
    stream.last_outcome ?? '',
    String(stream.records),
    readUpTo,
    minuteText(stream.newest_event),
  ];
}

function alarmLine({ kind, source, stream, what, hint }: StatusDocument['alarms'][number]): string {
  return `ALARM ${kind}: ${source}/${stream}: ${printable(what)} - ${hint}`;
}

/** Whether anything is known of how long the vendor keeps it. */
function isKept({ retention, vendor_keeps_seconds: said }: StreamStatus): boolean {
  return said !== null || (retention?.kept_seconds ?? null) !== null;
}

/** What is known of how long the vendors keep their logs, a line each. */
function retentionLines(streams: readonly StreamStatus[]): string[] {
  const sorted = streams.toSorted((a, b) => (a.stream < b.stream ? -1 : 1));
  return sorted.flatMap(({ stream, retention, vendor_keeps_seconds: said }) => {
    const states =
      said === null ? null : `the vendor says that it keeps it for ${span(said * 1000)}`;
    if (retention === null) return states === null ? [] : [`${stream}: ${states}`];
    const { oldest_served, measured_at, kept_seconds } = retention;
    const kept =
      kept_seconds === null
        ? (states ?? 'how long the vendor keeps it is unknown')
        : `the vendor keeps at least ${span(kept_seconds * 1000)}`;
    const [oldest, measured] = [minuteText(oldest_served), minuteText(measured_at)];
    return [`${stream}: ${kept}; its oldest event is of ${oldest}, as of ${measured}`];
  });
}

function sinkLines({ sink, tables, last }: SinkStatus): string[] {
  const lines = tables.map(({ table: name, seq, lag, lag_rows }) => {
    const rows = lag_rows === null ? '' : ` (${counted(lag_rows, 'row')})`;
    return `${sink}: ${name} delivered up to seq ${seq}${lag === 0 ? '' : `, ${lag} behind${rows}`}`;
  });
  if (last?.error == null) return lines;
  const { message, hint } = last.error;
  return [...lines, `${sink}: last ${last.outcome}: ${printable(message)} - ${printable(hint)}`];
}
