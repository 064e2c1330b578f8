import { instant } from '../settings/instant.ts';
import { readSetting } from '../settings/problem.ts';
import type { Context } from '../runs/context.ts';
import { EXIT, type ExitCode, usageError } from '../errors.ts';
import { KINDS } from '../model.ts';
import { printable } from '../platform/printable.ts';
import { sinksBehind } from '../sinks/positions.ts';
import { batchesOfEvent } from '../state/batches-of-event.ts';
import type { Archive } from '../state/archive.ts';
import { streamKey } from '../state/carried.ts';
import type { BatchLine } from '../state/ledger-schema.ts';
import { rangesOf } from '../state/seq-ranges.ts';
import { derive, exitOf } from '../runs/derived.ts';
import { withArchive } from '../runs/with-archive.ts';

export type PruneOptions = { before?: string; event?: string; reason?: string; yes?: boolean };

/**
 * Removes batches from the archive for good, and what came from them from warehouse and lake. Whole batches only: their
 * hashes are in the ledger, so that nothing less can go without a trace of tampering.
 */
export async function pruneCommand(
  context: Context,
  selected: readonly string[],
  options: PruneOptions,
): Promise<ExitCode> {
  const { output, json, config } = context;
  const { reason, yes = false } = options;
  const wanted = wantedBatches(options);
  if (reason === undefined || reason.trim() === '') {
    throw usageError('--reason is missing', 'say why: it stands in the ledger for good');
  }
  return await withArchive(
    context,
    (text) => output.log.info(text),
    async (archive, loader) => {
      archive.ledger.requireKey();
      const found: BatchLine[] = [];
      let kept = 0;
      for await (const batch of wanted(archive)) {
        const key = streamKey(batch.source, batch.stream);
        if (selected.length > 0 && !selected.includes(key) && !selected.includes(batch.source)) {
          continue;
        }
        if (isNeeded(archive, batch)) kept += 1;
        else found.push(batch);
      }
      if (kept > 0) {
        output.say(`${kept} batches stay: they are what lists of people and things are now`);
      }
      const last = Math.max(0, ...found.map(({ seq }) => seq));
      for (const sink of await sinksBehind(config.home, last)) {
        output.say(
          `${sink} has not had all of it yet, and would never get it: \`auditlake deliver ${sink}\` first`,
        );
      }
      if (!yes || found.length === 0) {
        show(context, found, { outcome: 'previewed' });
        return EXIT.complete;
      }
      await archive.prune(found, reason);
      const derived = await derive(context, loader, { fresh: false });
      const exit = exitOf(derived);
      show(context, found, { outcome: exit === EXIT.complete ? 'complete' : 'failed' });
      if (!json) {
        output.say('copies elsewhere stay: sinks, backups, the folder set-aside of this home');
      }
      return exit;
    },
  );
}

function wantedBatches(options: PruneOptions): (archive: Archive) => AsyncIterable<BatchLine> {
  const { before, event } = options;
  if ((before === undefined) === (event === undefined)) {
    throw usageError('say what goes: --before or --event', 'one of the two');
  }
  if (event !== undefined) return (archive) => batchesOfEvent(archive, event);
  const limit = readSetting(instant, before ?? '', '--before');
  return async function* (archive) {
    for await (const batch of archive.batchLines(0)) {
      if (Date.parse(batch.max_time ?? batch.at) < limit) yield batch;
    }
  };
}

/** A snapshot's present state lies in its newest batches: without them the next run could not tell what has changed. */
function isNeeded(archive: Archive, { source, stream, seq, stream_kind }: BatchLine): boolean {
  const { base } = archive.ledger.cursor(source, stream);
  return !KINDS[stream_kind].hasWindows && base !== null && seq >= base;
}

function show(
  { output, json }: Context,
  batches: readonly BatchLine[],
  { outcome }: { outcome: 'previewed' | 'complete' | 'failed' },
): void {
  const seqs = rangesOf(batches.map(({ seq }) => seq));
  const records = batches.reduce((sum, batch) => sum + batch.stored_records, 0);
  if (json) {
    output.line(JSON.stringify({ version: 1, outcome, batches: batches.length, records, seqs }));
    return;
  }
  const list = seqs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const what = `${batches.length} batches with ${records} records, seq ${list.join(', ') || 'none'}`;
  if (batches.length === 0) return output.line('nothing to prune');
  output.line(
    outcome === 'previewed'
      ? `would go: ${printable(what, 2000)}; with --yes they do, and nobody can bring them back`
      : `pruned: ${printable(what, 2000)}`,
  );
}
