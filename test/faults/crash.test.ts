/** Syncs of a log that never holds still, each cut off at some write: nothing is lost, nothing is doubled. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../sandbox/start.ts';
import { history } from './history.ts';
import { Life } from './life.ts';
import { devinLog, tabnineLog, type VendorLog } from './vendor-log.ts';
import { tries } from '../long.ts';

const CRASHES = tries(1_000, 15);
const SEED = 20_260_615;
const ROUND = 4;

const WRITES = [
  'mkdir folder',
  'sync folder',
  'open batch',
  'write batch, half',
  'sync batch',
  'rename batch',
  'open ledger',
  'write ledger, half',
  'sync ledger',
];

const clock = { at: 0 };
let sandbox: Sandbox;

beforeAll(async () => {
  const none = { events: 0, users: 1 };
  const devin = { ...none, organizations: 1, sessions: 0 };
  sandbox = await startSandbox({ ...none, teams: 1, devin, now: () => clock.at });
});

afterAll(() => sandbox.close());

/** Lives through histories and adds up where the processes died. */
async function live(log: VendorLog, seed: number, where: Map<string, number>): Promise<void> {
  const property = fc.asyncProperty(history, async (events) => {
    const home = await mkdtemp(join(tmpdir(), 'auditlake-crash-'));
    try {
      const life = new Life(home, log, clock);
      for (const event of events) await life.live(event);
      expect(await life.end()).toEqual([]);
      for (const place of life.crashes) where.set(place, (where.get(place) ?? 0) + 1);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
  // Histories take long: the first one that fails is shown as it is.
  await fc.assert(property, { seed, numRuns: ROUND, endOnFailure: true });
}

test(
  'nothing is lost or doubled, wherever a run dies',
  { timeout: 180_000 + CRASHES * 3_000 },
  async () => {
    const [tabnine, devin] = [tabnineLog(sandbox), devinLog(sandbox)];
    const where = new Map<string, number>();
    const total = (): number => [...where.values()].reduce((sum, count) => sum + count, 0);
    for (let round = 0; total() < CRASHES; round += 1) {
      await live(round % 4 === 3 ? devin : tabnine, SEED + round, where);
    }
    const places = [...where].toSorted(([, a], [, b]) => b - a);
    process.stdout.write(
      `${total()} crashes, and no event lost, none doubled, no chain broken; the process died at\n` +
        places.map(([place, count]) => `  ${String(count).padStart(5)}  ${place}\n`).join(''),
    );
    // Every kind of write of a run has been the last one.
    expect(places.map(([place]) => place)).toEqual(expect.arrayContaining(WRITES));
  },
);
