import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Archive } from '../../src/state/archive.ts';
import { layout } from '../../src/state/layout.ts';
import { archivedPerDay } from '../../src/state/ledger-queries.ts';
import { signedArchive } from '../faults/signed-archive.ts';

/** The archive is written on the 10th and the 11th of three months, at midnight. */
const at = (text: string): number => Date.parse(text);

/** What one run of a month wrote. */
async function bytesOfRun(ledger: string, month: string, run: string): Promise<number> {
  const text = await readFile(join(ledger, `${month}.ndjson`), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; at: string; file_bytes?: number });
  return lines
    .filter((line) => line.kind === 'batch' && line.at.startsWith(run))
    .reduce((sum, { file_bytes: bytes = 0 }) => sum + bytes, 0);
}

test('what a day adds is the mean of the last days without the first of all', async () => {
  const { layout: home } = await signedArchive(null);
  onTestFinished(() => rm(home.home, { recursive: true }));
  const perDay = async (now: string): Promise<number | null> =>
    archivedPerDay(await Archive.openForReading(home), at(now));
  const tenth = await bytesOfRun(home.ledger, '2026-06', '2026-06-10');
  const eleventh = await bytesOfRun(home.ledger, '2026-06', '2026-06-11');
  expect(tenth).toBeGreaterThan(0);
  expect(await perDay('2026-06-12T00:00:00Z')).toBeCloseTo((tenth + eleventh) / 14);
  expect(await perDay('2026-06-24T12:00:00Z')).toBeCloseTo(eleventh / 14);
  expect(await perDay('2026-07-20T00:00:00Z')).toBe(0);
  for (const month of ['2026-05', '2026-06']) await rm(join(home.ledger, `${month}.ndjson`));
  expect(await perDay('2026-04-11T12:00:00Z')).toBeNull();
  const second = await bytesOfRun(home.ledger, '2026-04', '2026-04-11');
  expect(await perDay('2026-04-12T00:00:00Z')).toBeCloseTo(second);
});

test('there is nothing to tell of an archive that has not begun', async () => {
  const none = await Archive.openForReading(layout('/nowhere/at/all'));
  expect(await archivedPerDay(none, Date.now())).toBeNull();
});
