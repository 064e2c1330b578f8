import type { Context } from '../context.ts';
import type { StatusDocument, StreamStatus } from '../../documents/status.ts';
import { EXIT, integrityError, usageError } from '../../errors.ts';
import { FINDINGS, type Millis, OWN_SOURCE } from '../../model.ts';
import { readUpTo } from '../../evidence/alarms.ts';
import { type Published, publishedGeneration } from '../../load/warehouse/begin.ts';
import { Archive } from '../../state/archive.ts';
import { streamKey } from '../../state/carried.ts';
import { lastRuns } from '../../state/ledger-queries.ts';
import type { ReadingLine } from '../../state/ledger-schema.ts';
import { runningIn } from '../../state/running.ts';
import { diagnose, type SinkPiece, type StreamPiece } from '../diagnose.ts';
import { worstExit } from '../outcome.ts';
import type { Done } from '../run-streams.ts';
import { attentionIn } from './attention.ts';
import { type Coverage, type CoverageRequest, readCoverage } from './coverage.ts';
import { sinksIn } from './sinks.ts';
import { iso, isoOrNull } from '../../platform/time.ts';

const RUNS_SHOWN = 5;

/** The ledger has how reading ended. A full disk may have kept the warehouse from it. */
const BEHIND = {
  outcome: 'incomplete',
  error: 'the archive has records that are not loaded',
  hint: 'the next sync loads them, `auditlake rebuild` does it now; if it stays so, look at the end of its log',
} as const;

/**
 * What is archived, how fresh it is, what wants attention, and how the last runs ended. A run may be at work meanwhile.
 * It is a look: alarms become an exit code only where the coverage is asked for.
 *
 * @param asked null if the coverage is not wanted
 * @throws AuditlakeError `integrity` (exit 5) if the warehouse has more than the archive
 */
export async function status(
  context: Context,
  asked: CoverageRequest | null,
): Promise<Done<StatusDocument>> {
  const { layout, output, config } = context;
  const { home } = config;
  // Before the archive: a run that publishes between the two has then archived more, not less.
  const published = await publishedGeneration(home);
  const archive = await Archive.openForReading(layout);
  const { seq } = archive.ledger.state;
  refuseCutArchive(context, seq, published);
  // An alarm that watches the wrong folder must not stay silent.
  if (asked !== null && seq === 0) {
    throw usageError(`there is no archive in ${layout.home}`, 'name its folder with --home');
  }
  const runs = await lastRuns(archive, RUNS_SHOWN);
  const coverage = await readCoverage(context, archive, asked);
  const { days, alarms } = coverage;
  const onMessage = (text: string): void => output.say(text);
  const attention = await attentionIn(home, published, onMessage);
  const streams = streamsOf(archive, runs, coverage);
  const sinks = await sinksIn(home, published, onMessage);
  const running = await runningIn(layout);
  const isBehind = running === null && (await archive.hasNews(published?.seq ?? 0));
  const document: StatusDocument = {
    version: 1,
    diagnosis: diagnose({
      streams: streams.map(lastEnd),
      sinks: sinks.flatMap(lastDelivery),
      ...(isBehind ? { warehouse: BEHIND } : {}),
    }),
    running,
    streams,
    warehouse: published === null ? null : { seq: published.seq, archive_seq: seq },
    sinks,
    ...attention,
    ...(days === null ? {} : { coverage: days }),
    alarms,
    runs: runs.map(runOf),
  };
  const exit = days === null ? EXIT.complete : worstExit(alarms.map((alarm) => alarm.exit));
  return { document, exit };
}

/** An archive that was removed or cut would otherwise look like one that has not begun. */
function refuseCutArchive({ layout }: Context, seq: number, published: Published | null): void {
  if (published === null || seq >= published.seq) return;
  throw integrityError(
    `${layout.archive} ${seq === 0 ? 'has no ledger' : `ends at seq ${seq}`}, but the warehouse was made from it up to seq ${published.seq}`,
    'the archive is the record: restore it from a copy before the next sync, which would begin anew',
  );
}

/** Every stream that has a cursor or took part in one of the last runs. */
function streamsOf(
  archive: Archive,
  runs: readonly ReadingLine[],
  coverage: Coverage,
): StreamStatus[] {
  const { cursors, totals } = archive.ledger.state;
  const readings = new Map(
    coverage.streams.map((reading) => [`${reading.source}/${reading.stream}`, reading]),
  );
  const last = new Map(
    runs.flatMap((run) => run.streams.map((entry) => [`${entry.source}/${entry.stream}`, entry])),
  );
  const names = new Set([...Object.keys(cursors), ...last.keys()]);
  // Findings are not read from anybody.
  names.delete(streamKey(OWN_SOURCE, FINDINGS));
  return [...names].map((stream) => {
    const { watermark = null, window = null } = cursors[stream] ?? {};
    const total = totals[stream];
    const entry = last.get(stream);
    const reading = readings.get(stream) ?? null;
    return {
      stream,
      kind: reading?.kind ?? null,
      watermark: isoOrNull(watermark),
      read_up_to: reading === null ? null : isoOrNull(readUpTo(reading)),
      ended: reading?.isFrozen ?? false,
      open_window: window === null ? null : openWindowOf(window),
      records: total?.records ?? 0,
      newest_event: total?.max_time ?? null,
      retention: reading?.retention ?? null,
      vendor_keeps_seconds: seconds(reading?.vendorKeeps ?? null),
      last_outcome: entry?.outcome ?? null,
      last_error: entry?.error ?? null,
      ...(entry?.parts === undefined ? {} : { last_parts: entry.parts }),
    };
  });
}

function seconds(ms: Millis | null): number | null {
  return ms === null ? null : Math.floor(ms / 1000);
}

function openWindowOf(window: {
  from: Millis;
  to: Millis;
  place: Millis;
  part?: string | null;
}): StreamStatus['open_window'] {
  const { from, to, place, part = null } = window;
  return { from: iso(from), to: iso(to), read_up_to: iso(place), part };
}

function runOf(run: ReadingLine): StatusDocument['runs'][number] {
  const { job, run_id, outcome, started_at, finished_at, streams, quirks = [] } = run;
  const { verdict, causes } = diagnose({ streams });
  const exit = worstExit(causes.map((cause) => cause.exit));
  return { job, run_id, outcome, exit, verdict, started_at, finished_at, streams, quirks };
}

/** How a stream ended last, as the piece of a run. */
function lastEnd({ stream: name, last_outcome, last_error }: StreamStatus): StreamPiece {
  const [source = '', stream = ''] = name.split('/');
  const { code = '', message = '', hint = '', exit } = last_error ?? {};
  const error = last_error === null ? undefined : { code, message, hint, exit };
  return { source, stream, outcome: last_outcome ?? 'complete', error };
}

function lastDelivery({ sink, last }: StatusDocument['sinks'][number]): SinkPiece[] {
  return last === null ? [] : [{ sink, ...last }];
}
