import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { printable } from '../printable.ts';
import { publishedGeneration } from '../load/warehouse.ts';
import { Archive } from '../state/archive.ts';
import type { RunLine } from '../state/ledger-line.ts';
import { type Attention, attentionIn } from './attention.ts';
import { type SinkStatus, sinksIn, sinksScreen } from './status-sinks.ts';
import { table } from './table.ts';

type StreamStatus = {
  stream: string;
  watermark: string | null;
  /** `part` is the last team, user or day that was read, for series. */
  open_window: { from: string; to: string; read_up_to: string; part: string | null } | null;
  records: number;
  newest_event: string | null;
  last_outcome: string | null;
  last_error: { code?: string; message?: string; hint?: string } | null;
};

const RUNS_SHOWN = 5;

/** What is archived, how fresh it is, what wants attention, and how the last runs went. A run may be at work meanwhile. */
export async function statusCommand(context: Context): Promise<ExitCode> {
  const { layout, output, json, config } = context;
  const archive = await Archive.openForReading(layout);
  const { state } = archive.ledger;
  const runs = await archive.runs(RUNS_SHOWN);
  const published = await publishedGeneration(config.home);
  const last = new Map(
    runs.flatMap((run) => run.streams.map((entry) => [`${entry.source}/${entry.stream}`, entry])),
  );
  const names = new Set([...Object.keys(state.cursors), ...last.keys()]);
  const streams = [...names].map((stream): StreamStatus => {
    const cursor = state.cursors[stream];
    const total = state.totals[stream];
    const entry = last.get(stream);
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
      last_outcome: (entry?.['outcome'] as string | undefined) ?? null,
      last_error: (entry?.['error'] as StreamStatus['last_error'] | undefined) ?? null,
    };
  });
  const attention = await attentionIn(config.home, (text) => output.say(text));
  const sinks = await sinksIn(config.home, published, (text) => output.say(text));
  const warehouse = published === null ? null : { seq: published.seq, archive_seq: state.seq };
  if (json) {
    output.line(
      JSON.stringify({
        version: 1,
        streams,
        warehouse,
        sinks,
        ...attention,
        runs: runs.map(runJson),
      }),
    );
  } else output.line(screen(streams, warehouse, sinks, attention, runs, config.home));
  return EXIT.complete;
}

function screen(
  streams: StreamStatus[],
  warehouse: { seq: number; archive_seq: number } | null,
  sinks: readonly SinkStatus[],
  attention: Attention,
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
    '',
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

function runJson({ run_id, outcome, started_at, finished_at, streams, quirks }: RunLine): unknown {
  return { run_id, outcome, started_at, finished_at, streams, quirks: quirks ?? [] };
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
