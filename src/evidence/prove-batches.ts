/** Proofs of many events: one text for all of a batch, since they share its lines of the ledger and mostly their pages. */
import { integrityError, usageError } from '../errors.ts';
import { grouped } from '../platform/grouped.ts';
import { printable } from '../platform/printable.ts';
import type { Archive } from '../state/archive.ts';
import { leaf, pathOf, rootOf } from '../state/merkle.ts';
import { readBatchText } from '../state/read-batch.ts';
import { type Covered, coveringLines, VERIFY } from './covering-lines.ts';
import { batchOf, parsed } from './proof-format.ts';

/** An event, and the line of the archive that its newest revision is. */
export type Place = { uid: string; seq: number; n: number };

type BatchProof = {
  seq: number;
  text: string;
  /** The lines of the ledger in it. */
  ledger: string[];
};

/** The first line of each. Version 1 is the JSON of a single event. */
const FIRST_LINE = 'auditlake proof 2';

/**
 * Proves records, batch by batch. See docs/report.md for the format, which a shell can read.
 *
 * @param trusted public keys that may have signed the ledger's lines; if empty, any key may
 * @throws AuditlakeError `usage` if a batch was pruned or no run has closed since; `integrity` if something is not as it was
 *   committed
 */
export async function* proveBatches(
  archive: Archive,
  places: readonly Place[],
  trusted: readonly string[],
): AsyncGenerator<BatchProof> {
  const batches = [...grouped(places, ({ seq }) => String(seq)).values()].map((events) => ({
    seq: events[0]?.seq ?? 0,
    events,
  }));
  const pruned = batches.find(({ seq }) => archive.isPruned(seq))?.seq;
  if (pruned !== undefined) {
    throw usageError(`batch ${pruned} was pruned`, 'what was removed cannot be proven');
  }
  if (batches.length === 0) return;
  const covered = await coveringLines(archive, new Set(batches.map(({ seq }) => seq)), trusted);
  for (const { seq, events } of batches) {
    const lines = covered.get(seq);
    if (lines === undefined) {
      throw integrityError(`the ledger has no line of seq ${seq}`, VERIFY);
    }
    const ledger = lines.ledger.map(({ text }) => text);
    yield { seq, text: await proofOf(archive, lines, events), ledger };
  }
}

async function proofOf(
  archive: Archive,
  { ledger, head }: Covered,
  events: readonly Place[],
): Promise<string> {
  const batch = batchOf(ledger[0]?.text ?? '');
  const texts = await readBatchText(archive.layout, batch);
  const leaves = texts.map(leaf);
  if (rootOf(leaves) !== batch.lines_root) {
    throw integrityError(`${batch.file} is not as it was committed`, VERIFY);
  }
  const pages = pagesIn(texts);
  const wanted = new Set<number>();
  for (const { uid, n } of events) {
    const record = parsed(texts[n]);
    if (record.kind !== 'record' || uid !== `${batch.source}:${record.key}`) {
      throw integrityError(
        `the warehouse says that ${printable(uid)} is in ${batch.file}, line ${n}, where something else is: somebody wrote into the warehouse`,
        'run `auditlake verify`, then `auditlake rebuild`: the archive has everything',
      );
    }
    const page = pages.get(record.page);
    if (page === undefined) {
      throw integrityError(`${batch.file}, line ${n}: its page is not there`, VERIFY);
    }
    wanted.add(page).add(n);
  }
  return [
    FIRST_LINE,
    `home ${head.home}`,
    ...ledger.flatMap(({ text, path }) => [`ledger ${text}`, `path ${path.join(' ')}`]),
    ...[...wanted].flatMap((n) => {
      const text = texts[n] ?? '';
      return [`${parsed(text).kind} ${text}`, `path ${pathOf(leaves, n).join(' ')}`];
    }),
    '',
  ].join('\n');
}

const PAGE = /^\{"n":\d+,"kind":"page","page":(\d+),/;

/** The line of each page, by its number. */
function pagesIn(texts: readonly string[]): Map<number, number> {
  return new Map(
    texts.flatMap((text, n) => {
      const page = PAGE.exec(text)?.[1];
      return page === undefined ? [] : [[Number(page), n] as const];
    }),
  );
}
