import type { PruneDocument } from '../documents/prune.ts';
import { EXIT, usageError } from '../errors.ts';
import { KINDS, type Millis } from '../model.ts';
import { nearestOr } from '../platform/nearest.ts';
import { type Archive, recordsIn } from '../state/archive.ts';
import { batchesOfEvent } from '../state/batches-of-event.ts';
import { streamKey } from '../state/carried.ts';
import type { BatchLine } from '../state/ledger-schema.ts';
import { expectArchive } from '../state/expect-home.ts';
import { digestsOf } from '../state/kept-out.ts';
import { rangesOf } from '../state/seq-ranges.ts';
import { grouped } from '../platform/grouped.ts';
import { iso } from '../platform/time.ts';
import type { Context } from './context.ts';
import { sinksBehind } from './deliver/positions.ts';
import { type OpenHome, withHome } from './home.ts';
import { outcomeOf } from './outcome.ts';
import { runPipeline } from './pipeline.ts';
import type { Done } from './run-streams.ts';
import { counted } from '../platform/counted.ts';

export type PruneRequest = {
  /** Batches whose events are all older than an instant, or those that hold an event. */
  what: { before: Millis } | { event: string };
  /** `source/stream` or a source; none for all. */
  streams: readonly string[];
  /** Stands in the ledger for good. */
  reason: string;
  /** Without it nothing is removed. */
  confirmed: boolean;
};

/** `remarks` is what a person should know before or after. */
export type Pruned = Done<PruneDocument> & { remarks: string[] };

/**
 * Removes batches from the archive for good, and what came from them from warehouse and lake. Whole batches only: their
 * hashes are in the ledger, so that nothing less can be removed without a trace of tampering.
 */
export async function prune(context: Context, request: PruneRequest): Promise<Pruned> {
  expectArchive(context.layout);
  if (!request.confirmed) {
    return await withHome(context, { isFresh: false }, async (home) => {
      home.archive.ledger.requireKey();
      return previewOf(request, await selectBatches(home, request));
    });
  }
  const run = await runPipeline(context, {
    async work(home) {
      const { archive } = home;
      const selected = await selectBatches(home, request);
      const { batches: removed, remarks: known } = selected;
      if (removed.length === 0) return { report: selected, exit: EXIT.complete };
      const { keptOut, forgotten } = await digestsOf(archive, removed, servedSince(archive));
      await archive.prune(removed, request.reason, keptOut);
      const more = forgotten === 0 ? [] : [forgottenRemark(forgotten)];
      return { report: { batches: removed, remarks: [...known, ...more] }, exit: EXIT.complete };
    },
    appends: true,
    sinks: [],
  });
  const { batches, remarks } = run.job.report;
  if (batches.length === 0) return { ...previewOf(request, run.job.report), exit: run.exit };
  return {
    document: documentOf(request, batches, outcomeOf(run.exit)),
    exit: run.exit,
    remarks: [
      ...remarks,
      'copies elsewhere stay: sinks, backups, the folder set-aside of this home',
    ],
  };
}

type SelectedBatches = { batches: BatchLine[]; remarks: string[] };

async function selectBatches(
  { archive, notary }: OpenHome,
  { what, streams }: PruneRequest,
): Promise<SelectedBatches> {
  expectArchived(archive, streams);
  const batches: BatchLine[] = [];
  let kept = 0;
  const candidates =
    'event' in what ? batchesOfEvent(archive, what.event) : batchesBefore(archive, what.before);
  for await (const batch of candidates) {
    const key = streamKey(batch.source, batch.stream);
    if (streams.length > 0 && !streams.includes(key) && !streams.includes(batch.source)) continue;
    if (isNeeded(archive, batch)) kept += 1;
    else batches.push(batch);
  }
  const last = Math.max(0, ...batches.map(({ seq }) => seq));
  const behind = await sinksBehind(archive, notary, last);
  const remarks = [
    ...(kept === 0
      ? []
      : [`${counted(kept, 'batch', 'batches')} kept: lists of people and things as they are now`]),
    ...behind.map(
      (sink) =>
        `${sink} has not had all of it yet, and would never get it: \`auditlake deliver ${sink}\` first`,
    ),
  ];
  return { batches, remarks };
}

/** What is older than the oldest that a vendor was seen to serve cannot come back; where it is not known, all can. */
function servedSince({ ledger }: Archive): (stream: string) => Millis {
  return (stream) => {
    const { retention } = ledger.state;
    const known = Object.hasOwn(retention, stream) ? retention[stream]?.oldest_served : null;
    return known == null ? -Infinity : Date.parse(known);
  };
}

function forgottenRemark(count: number): string {
  return `the ${count} oldest records are too many to be remembered: a backfill of their time would bring them back`;
}

/** A misspelt name would prune nothing, and nobody would notice. */
function expectArchived({ ledger }: Archive, streams: readonly string[]): void {
  const known = Object.keys(ledger.state.cursors);
  const names = [...new Set(known.map((key) => key.split('/')[0] ?? '')), ...known];
  const stray = streams.find((name) => !names.includes(name));
  if (stray === undefined) return;
  throw usageError(
    `the archive has no source or stream ${stray}`,
    nearestOr(stray, names, `it has: ${names.join(', ')}`),
  );
}

async function* batchesBefore(archive: Archive, limit: Millis): AsyncGenerator<BatchLine> {
  for await (const batch of archive.batchLines(0)) {
    if (Date.parse(batch.max_time ?? batch.at) < limit) yield batch;
  }
}

/** A snapshot's present state lies in its newest batches: without them the next run could not tell what has changed. */
function isNeeded(archive: Archive, { source, stream, seq, stream_kind }: BatchLine): boolean {
  const { base } = archive.ledger.cursor(source, stream);
  return !KINDS[stream_kind].hasWindows && base !== null && seq >= base;
}

function previewOf(request: PruneRequest, { batches, remarks }: SelectedBatches): Pruned {
  return { document: documentOf(request, batches, 'previewed'), exit: EXIT.complete, remarks };
}

function documentOf(
  { what, reason }: PruneRequest,
  batches: readonly BatchLine[],
  outcome: PruneDocument['outcome'],
): PruneDocument {
  return {
    version: 1,
    outcome,
    asked: 'event' in what ? what : { before: iso(what.before) },
    reason,
    batches: batches.length,
    records: recordsIn(batches),
    seqs: rangesOf(batches.map(({ seq }) => seq)),
    streams: [...grouped(batches, ({ source, stream }) => streamKey(source, stream)).values()].map(
      partOf,
    ),
  };
}

/** What is pruned of one stream. */
function partOf(batches: readonly BatchLine[]): PruneDocument['streams'][number] {
  const { source = '', stream = '' } = batches[0] ?? {};
  const from = batches.flatMap(({ min_time }) => min_time ?? []).toSorted()[0] ?? null;
  const to =
    batches
      .flatMap(({ max_time }) => max_time ?? [])
      .toSorted()
      .at(-1) ?? null;
  return { source, stream, batches: batches.length, records: recordsIn(batches), from, to };
}
