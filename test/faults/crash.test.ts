/** Syncs of a log that never holds still, each cut off at some write: nothing is lost, nothing is doubled. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { history } from './history.ts';
import { Life } from './life.ts';
import { devinLog, tabnineLog, type VendorLog } from './vendor-log.ts';

const CRASHES = Number(process.env['AUDITLAKE_CRASHES'] ?? 200);
const SEED = 20_260_615;
const ROUND = 4;

const clock = { at: 0 };
let sandbox: Sandbox;

beforeAll(async () => {
  const none = { events: 0, users: 1 };
  const devin = { ...none, organizations: 1, sessions: 0 };
  sandbox = await startSandbox({ ...none, teams: 1, devin, now: () => clock.at });
});

afterAll(() => sandbox.close());

/** Lives through histories until so many crashes have happened; says where. */
async function crashThrough(log: VendorLog, crashes: number): Promise<Map<string, number>> {
  const where = new Map<string, number>();
  let happened = 0;
  for (let round = 0; happened < crashes; round += 1) {
    const property = fc.asyncProperty(history, async (events) => {
      const home = await mkdtemp(join(tmpdir(), 'auditlake-crash-'));
      try {
        const life = new Life(home, log, clock);
        for (const event of events) await life.live(event);
        expect(await life.end()).toEqual([]);
        happened += life.crashes.length;
        for (const place of life.crashes) where.set(place, (where.get(place) ?? 0) + 1);
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    });
    await fc.assert(property, { seed: SEED + round, numRuns: ROUND, endOnFailure: true });
  }
  return where;
}

test.each([
  ['tabnine', 0.75],
  ['devin', 0.25],
] as const)(
  'of %s nothing is lost or doubled, wherever a run dies',
  { timeout: 30_000 + CRASHES * 1_000 },
  async (name, share) => {
    const log = name === 'tabnine' ? tabnineLog(sandbox) : devinLog(sandbox);
    const where = await crashThrough(log, CRASHES * share);
    const total = [...where.values()].reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThanOrEqual(CRASHES * share);
    const places = [...where].toSorted(([, a], [, b]) => b - a);
    process.stdout.write(
      `${total} crashes of syncs of ${name}: zero events lost, zero doubled, the chain intact\n` +
        places.map(([place, count]) => `  ${String(count).padStart(5)}  ${place}\n`).join(''),
    );
    // Every kind of write of a run has been the last one.
    expect(places.map(([place]) => place)).toEqual(
      expect.arrayContaining([
        'open ledger',
        'write ledger, half',
        'sync ledger',
        'write batch, half',
        'sync batch',
        'rename batch',
        'mkdir folder',
        'sync folder',
      ]),
    );
  },
);
