import type { PruneDocument, PruneLakeDocument } from '../documents/prune.ts';
import { span } from '../platform/time.ts';
import { counted } from '../platform/counted.ts';
import { printable } from '../platform/printable.ts';

/** What was pruned from the archive, or would be: how much, from when to when, why, and what stays. Pure. */
export function pruneScreen(document: PruneDocument): string {
  const { outcome, batches, records, seqs, streams, reason } = document;
  if (batches === 0) return `nothing to prune: ${whatIsNotThere(document)}`;
  const isDone = outcome !== 'previewed';
  const list = seqs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const which = printable(`seq ${list.join(', ')}`, 1000);
  return [
    `${isDone ? 'pruned' : 'would be pruned'}: ${sizeOf({ batches, records })} (${which})`,
    ...streams.map((part) => {
      const { source, stream, from, to } = part;
      const when = from === null || to === null ? '' : `, from ${from} to ${to}`;
      return `  ${source}/${stream}: ${sizeOf(part)}${when}`;
    }),
    `why: ${askedBy(document)}: ${printable(reason, 500)}`,
    isDone
      ? 'what stays: the ledger’s lines about them (hashes, counts, times), and this reason'
      : 'with --yes they are removed, and nobody can bring them back; the ledger keeps hashes, counts, times and this reason',
    ...(isDone ? [derived(outcome)] : []),
  ].join('\n');
}

function derived(outcome: PruneDocument['outcome']): string {
  return outcome === 'complete'
    ? 'warehouse and lake were made anew without them'
    : 'warehouse or lake still have them: `auditlake sync` makes both anew';
}

function sizeOf({ batches, records }: { batches: number; records: number }): string {
  return `${counted(records, 'record')} in ${counted(batches, 'batch', 'batches')}`;
}

function askedBy({ asked }: PruneDocument): string {
  return asked.event === undefined
    ? `asked for by --before ${asked.before ?? ''}`
    : `asked for by --event ${printable(asked.event, 200)}`;
}

function whatIsNotThere({ asked }: PruneDocument): string {
  return asked.event === undefined
    ? `no batch that may go has events older than ${asked.before ?? ''} alone`
    : `no batch that may go holds the event ${printable(asked.event, 200)}`;
}

/** What has left the lake. */
export function pruneLakeScreen({ lake }: PruneLakeDocument): string {
  const { keeps_from: keepsFrom, removed, removed_rows: rows } = lake;
  const why = `lake.retention is ${span(lake.retention_seconds * 1000)}`;
  const { removed_from: from, removed_to: to } = lake;
  if (from === null || to === null) {
    return `nothing to prune: the lake has no day before ${keepsFrom} (${why})`;
  }
  return [
    `pruned from the lake: ${counted(rows, 'row')} in ${counted(removed, 'file')}, of the days from ${from} to ${to}`,
    `why: ${why}; days from ${keepsFrom} on are kept`,
    'what stays: archive and warehouse have them; a longer retention brings them back',
  ].join('\n');
}
