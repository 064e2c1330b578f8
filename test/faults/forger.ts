/** What somebody does to a ledger who knows its format. */
import { hash, type KeyObject } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '../../src/state/layout.ts';
import type { LedgerLine } from '../../src/state/ledger-schema.ts';
import { applyLine, emptyState } from '../../src/state/ledger-state.ts';
import { ZERO_HASH, seal, unseal } from '../../src/state/seal.ts';
import { rootOf } from '../../src/state/merkle.ts';
import { signerFor } from '../../src/state/signing.ts';

/** Edits a segment's lines as text. */
export async function editSegment(
  { ledger }: Layout,
  segment: string,
  edit: (lines: string[]) => string[],
): Promise<void> {
  const file = join(ledger, `${segment}.ndjson`);
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  await writeFile(
    file,
    edit(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

/**
 * Rewrites the whole ledger around edited lines, with all numbers, hashes, coverings and carried state right: what somebody
 * does who knows the format but may not have the key.
 */
export async function forge(
  { ledger }: Layout,
  edit: (lines: LedgerLine[]) => LedgerLine[],
  key: KeyObject | null,
): Promise<void> {
  let prev = ZERO_HASH;
  let uncovered: string[] = [];
  let home = '';
  let seq = 0;
  let previous: { file: string; sha256: string; seq: number } | null = null;
  const state = emptyState('');
  for (const file of (await readdir(ledger)).toSorted()) {
    const text = (await readFile(join(ledger, file), 'utf8')).split('\n').slice(0, -1);
    const forged: string[] = [];
    for (const old of edit(text.map(lineOf))) {
      seq += 1;
      if (old.kind === 'open') home = old.home;
      const { seq: _last, ...carried } = state;
      const numbered: LedgerLine =
        old.kind === 'open' ? { ...old, ...carried, home, seq, previous } : { ...old, seq };
      const line: LedgerLine =
        numbered.kind === 'batch' ? numbered : { ...numbered, covers: rootOf(uncovered) };
      const sealed = seal(line, prev, key === null ? null : signerFor(home, key));
      forged.push(`${sealed.text}\n`);
      applyLine(state, line);
      prev = sealed.sha256;
      if (line.kind === 'batch') uncovered.push(prev);
      else uncovered = [prev];
    }
    await writeFile(join(ledger, file), forged.join(''));
    previous = { file, sha256: hash('sha256', forged.join('')), seq };
  }
}

function lineOf(text: string): LedgerLine {
  const unsealed = unseal(Buffer.from(text));
  if ('fault' in unsealed) throw new Error(`the line ${unsealed.fault}`);
  return unsealed.line;
}

/** A line as the format wants it behind another one, unsigned. */
export function after(line: string | undefined, next: LedgerLine): string {
  const { line: before, sha256 } = parse(line);
  return seal({ ...next, seq: before.seq + 1 }, sha256, null).text;
}

export function parse(text = ''): { line: LedgerLine; sha256: string } {
  const { sha256 } = JSON.parse(text) as { sha256: string };
  return { line: lineOf(text), sha256 };
}
