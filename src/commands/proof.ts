import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Context } from '../context.ts';
import { writeDurably } from '../durable.ts';
import { EXIT, type ExitCode, messageOf, usageError } from '../errors.ts';
import { findEvent } from '../load/find-event.ts';
import { printable } from '../printable.ts';
import { Archive } from '../state/archive.ts';
import { checkProof, type ProofVerdict } from '../state/check-proof.ts';
import { prove } from '../state/prove.ts';
import type { Head } from '../state/signing.ts';

const LARGEST_PROOF_BYTES = 64 * 1024 * 1024;

/** Writes the proof of an event's newest revision into a file. */
export async function proveCommand(
  { config, layout, output, json }: Context,
  uid: string,
  file: string,
): Promise<ExitCode> {
  const warehouse = join(config.home, 'warehouse.duckdb');
  if (!existsSync(warehouse)) {
    throw usageError(`there is no warehouse in ${config.home}`, '`auditlake rebuild` makes it');
  }
  const place = await findEvent(warehouse, uid, (text) => output.say(text));
  if (place === null) {
    throw usageError(
      `there is no event ${printable(uid)}`,
      'name its `event_uid` as `audit_events` has it',
    );
  }
  const proof = await prove(await Archive.openForReading(layout), place.seq, place.n);
  await writeDurably(resolve(file), `${JSON.stringify(proof)}\n`);
  const { head } = proof;
  if (json) output.line(JSON.stringify({ version: 1, outcome: 'complete', file, head }));
  else {
    const by = head.key === undefined ? 'not signed' : `signed by the key ${head.key}`;
    output.line(`${file}: the event up to the head of seq ${head.seq}, ${by}`);
  }
  return EXIT.complete;
}

/** Checks a proof; needs no home. */
export async function checkProofCommand(
  { config, output, json }: Context,
  file: string,
  heads: readonly Head[],
): Promise<ExitCode> {
  const verdict = checkProof(await readProof(file), config.trustedKeys, heads);
  const isGood = verdict.faults.length === 0;
  if (json) {
    const outcome = isGood ? 'complete' : 'failed';
    output.line(JSON.stringify({ version: 1, outcome, ...verdict }));
  } else output.line(screen(verdict, config.trustedKeys.length > 0, heads));
  return isGood ? EXIT.complete : EXIT.integrity;
}

async function readProof(file: string): Promise<unknown> {
  try {
    const bytes = await readFile(resolve(file));
    if (bytes.length > LARGEST_PROOF_BYTES) throw new Error('it is too large to be a proof');
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw usageError(
      `the proof ${file} cannot be read: ${messageOf(error)}`,
      '`auditlake verify --event UID --proof FILE` writes one',
    );
  }
}

function screen(verdict: ProofVerdict, trusted: boolean, heads: readonly Head[]): string {
  const { head, page } = verdict;
  if (verdict.faults.length > 0) {
    return verdict.faults.map((fault) => `FAULT  ${printable(fault)}`).join('\n');
  }
  const isKept = heads.some((kept) => kept.seq === head.seq);
  const vouched = isKept
    ? 'the same as the head that was kept'
    : head.key === undefined
      ? 'not signed: compare it with one that was kept elsewhere (--head)'
      : `signed by the key ${head.key}, ${trusted ? 'which is trusted' : 'which nobody vouches for: set trustedKeys'}`;
  return [
    `event     ${printable(verdict.event_uid)}`,
    `happened  ${verdict.occurred_at ?? 'at an unknown time'}`,
    `served    ${page.at} by GET ${printable(page.request, 300)}`,
    `record    ${printable(verdict.record, 2000)}`,
    `head      seq ${head.seq} of ${head.home}, ${head.at}: ${vouched}`,
  ].join('\n');
}
