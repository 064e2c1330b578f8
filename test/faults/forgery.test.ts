/** A ledger that was forged so that all its hashes are right is found by what somebody kept elsewhere. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerLine } from '../../src/state/ledger-schema.ts';
import { after, editSegment, forge, parse } from './forger.ts';
import {
  filesOf,
  type Kept,
  newKey,
  type SignedArchive,
  signedArchive,
  verdictOn,
} from './signed-archive.ts';

const LAST = '2026-06';
const KEY = newKey();

let made: SignedArchive;
let other: SignedArchive;
/** A batch that is to go. */
let going: string;

beforeAll(async () => {
  made = await signedArchive(KEY);
  other = await signedArchive(KEY);
  [going = ''] = (await filesOf(made.layout)).filter((file) => file.endsWith('.gz'));
});

afterAll(async () => {
  for (const { layout } of [made, other]) await rm(layout.home, { recursive: true });
});

const at = (file: string): string => join(made.layout.archive, file);
const edit = (name: string, how: (lines: string[]) => string[]): Promise<void> =>
  editSegment(made.layout, name, how);

const fewer = (lines: LedgerLine[]): LedgerLine[] =>
  lines.map((line) => (line.kind === 'batch' ? { ...line, new_records: 4 } : line));
const withoutIt = (lines: LedgerLine[]): LedgerLine[] =>
  lines.filter((line) => line.kind !== 'batch' || line.file !== going);

const added = (): Promise<void> =>
  edit(LAST, (lines) => {
    const [last] = lines.slice(-1);
    const batch = lines.find((line) => line.includes('"kind":"batch"'));
    return [...lines, after(last, parse(batch).line)];
  });

describe('what is right in itself is found by signatures and by what was kept elsewhere', () => {
  const forged = (edited: typeof fewer, key: typeof KEY | null) => async (): Promise<void> => {
    await forge(made.layout, edited, key);
    if (edited === withoutIt) await rm(at(going));
  };

  const EVERY: Kept[] = ['nothing', 'keys', 'heads'];
  type Case = [what: string, alter: () => Promise<void>, kept: Kept[]];
  const cases: Case[] = [
    ['an end that was cut off', () => edit(LAST, cut), ['heads']],
    ['a last segment that is gone with all that it speaks of', lastMonthGone, ['heads']],
    ['a ledger written anew without the key', forged(fewer, null), ['keys', 'heads']],
    ['a batch that is gone from a ledger written anew', forged(withoutIt, null), ['keys', 'heads']],
    ['a ledger written anew with another key', forged(fewer, newKey()), ['keys', 'heads']],
    ['a ledger written anew with the key itself', forged(fewer, KEY), ['heads']],
    ['a closing line added without the key', () => edit(LAST, withRun), EVERY],
    ['a batch added at the end without the key', added, EVERY],
    ['the archive of another home with the same key', ofOtherHome, ['heads']],
    ['signatures that were taken away', () => edit(LAST, (lines) => lines.map(unsigned)), EVERY],
  ];
  test.each(cases)('%s', async (_what, alter, found) => {
    for (const kept of EVERY) {
      const { faults } = await verdictOn(made, alter, kept);
      expect({ kept, found: faults.length > 0 }).toEqual({ kept, found: found.includes(kept) });
      for (const { file } of faults) expect(file).toMatch(/^ledger\//);
    }
  });
});

function cut(lines: string[]): string[] {
  return lines.slice(0, -1);
}

async function lastMonthGone(): Promise<void> {
  const files = await filesOf(made.layout);
  for (const file of files.filter((name) => name.includes('/2026/06/'))) await rm(at(file));
  await rm(at(`ledger/${LAST}.ndjson`));
}

function withRun(lines: string[]): string[] {
  const [last] = lines.slice(-1);
  return [...lines, after(last, { ...parse(last).line, covers: parse(last).sha256 } as LedgerLine)];
}

function unsigned(line: string): string {
  return line.replace(/,"key":"[0-9a-f]+","signature":"[0-9a-f]+"\}$/, '}');
}

async function ofOtherHome(): Promise<void> {
  await rm(at('.'), { recursive: true });
  await cp(other.layout.archive, at('.'), { recursive: true });
}
