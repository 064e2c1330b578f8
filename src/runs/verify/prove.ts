import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ProofCheckDocument, ProofDocument } from '../../documents/proof.ts';
import { EXIT, integrityError, messageOf, usageError } from '../../errors.ts';
import { checkProof } from '../../evidence/check-proof.ts';
import { prove } from '../../evidence/prove.ts';
import { findEvent } from '../../load/query/find-event.ts';
import { expectCurrent } from '../../load/warehouse/current.ts';
import { publishedGeneration } from '../../load/warehouse/published.ts';
import { writeDurably } from '../../platform/durable.ts';
import { printable } from '../../platform/printable.ts';
import { Archive } from '../../state/archive.ts';
import { isDemoHome } from '../../state/demo-mark.ts';
import type { Head } from '../../state/head.ts';
import type { Context } from '../context.ts';
import { outcomeOf } from '../outcome.ts';
import type { Done } from '../run-streams.ts';

const LARGEST_PROOF_BYTES = 64 * 1024 * 1024;

/** Writes the proof of an event's newest revision into a file. Its path is relative to the working directory, as typed. */
export async function proveEvent(
  { config, layout, output, cwd }: Context,
  uid: string,
  file: string,
): Promise<Done<ProofDocument>> {
  const warehouse = join(config.home, 'warehouse.duckdb');
  if (!existsSync(warehouse)) {
    throw usageError(`there is no warehouse in ${config.home}`, '`auditlake rebuild` makes it');
  }
  const published = await publishedGeneration(config.home);
  if (published !== null) expectCurrent(published);
  const place = await findEvent(warehouse, uid, (text) => output.say(text));
  if (place === null) {
    throw usageError(
      `there is no event ${printable(uid)}`,
      'name its `event_uid` as `audit_events` has it',
    );
  }
  const proof = await prove(await Archive.openForReading(layout), place, config.trustedKeys);
  if (proof.event_uid !== uid) {
    throw integrityError(
      `the warehouse says that ${printable(uid)} is at seq ${place.seq}, where the archive has ${printable(proof.event_uid)}: somebody wrote into the warehouse`,
      'run `auditlake verify`, then `auditlake rebuild`: the archive has everything',
    );
  }
  await writeDurably(resolve(cwd, file), `${JSON.stringify(proof)}\n`);
  const { head } = proof;
  return { document: { version: 1, outcome: 'complete', file, head }, exit: EXIT.complete };
}

/** Checks the proof in a file; needs no home. */
export async function checkProofIn(
  { config, layout, cwd }: Context,
  file: string,
  heads: readonly Head[],
): Promise<Done<ProofCheckDocument>> {
  // The key of a demonstration lies in its home: whoever can write there made it, and the proof.
  const trusted = isDemoHome(layout) ? [] : config.trustedKeys;
  const verdict = checkProof(await readProof(resolve(cwd, file)), trusted, heads);
  const { faults, vouched_by } = verdict;
  // Right in itself is what anybody can make: somebody has to vouch for the head.
  const exit =
    faults.length > 0 ? EXIT.integrity : vouched_by === null ? EXIT.incomplete : EXIT.complete;
  return { document: { version: 1, outcome: outcomeOf(exit), ...verdict }, exit };
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
