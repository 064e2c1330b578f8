import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { requestLine } from '../extract/target.ts';
import type { Context } from '../runs/context.ts';
import { writeDurably } from '../platform/durable.ts';
import { EXIT, type ExitCode, messageOf, usageError } from '../errors.ts';
import { findEvent } from '../load/query/find-event.ts';
import { printable } from '../platform/printable.ts';
import { Archive } from '../state/archive.ts';
import { checkProof, type ProofVerdict } from '../evidence/check-proof.ts';
import { prove } from '../evidence/prove.ts';
import type { Head } from '../state/head.ts';
import { overall } from '../runs/outcome.ts';

const LARGEST_PROOF_BYTES = 64 * 1024 * 1024;

/** Writes the proof of an event's newest revision into a file. */
export async function proveCommand(
  { config, layout, output, json, cwd }: Context,
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
  await writeDurably(resolve(cwd, file), `${JSON.stringify(proof)}\n`);
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
  { config, output, json, cwd }: Context,
  file: string,
  heads: readonly Head[],
): Promise<ExitCode> {
  const verdict = checkProof(await readProof(resolve(cwd, file)), config.trustedKeys, heads);
  const { faults, vouched_by } = verdict;
  // Right in itself is what anybody can make: somebody has to vouch for the head.
  const exit =
    faults.length > 0 ? EXIT.integrity : vouched_by === null ? EXIT.incomplete : EXIT.complete;
  if (json) {
    const outcome = overall('complete', exit);
    output.line(JSON.stringify({ version: 1, outcome, ...verdict }));
  } else output.line(screen(verdict));
  return exit;
}

async function readProof(file: string): Promise<unknown> {
  try {
    const about = await stat(file);
    if (!about.isFile()) throw new Error('it is not a file');
    if (about.size > LARGEST_PROOF_BYTES) throw new Error('it is too large to be a proof');
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw usageError(
      `the proof ${file} cannot be read: ${messageOf(error)}`,
      '`auditlake verify --event UID --proof FILE` writes one',
    );
  }
}

function screen({ faults, vouched_by, head, page, ...about }: ProofVerdict): string {
  if (faults.length > 0) return faults.map((fault) => `FAULT  ${printable(fault)}`).join('\n');
  const vouched =
    vouched_by === null
      ? 'right in itself, but nobody vouches for the head: give trustedKeys, or --head with one that was kept'
      : vouched_by === 'kept head'
        ? 'the same as the head that was kept'
        : `signed by the trusted key ${head.key}`;
  return [
    `event     ${printable(about.event_uid)}`,
    `happened  ${about.occurred_at ?? 'at an unknown time'}`,
    `served    ${page.at} by ${printable(requestLine(page.request), 300)}`,
    `record    ${printable(about.record, 2000)}`,
    `head      seq ${head.seq} of ${head.home}, ${head.at}: ${vouched}`,
  ].join('\n');
}
