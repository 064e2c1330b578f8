import { expect, test } from 'vitest';
import { DeliveryLog } from '../../src/runs/deliver/log.ts';
import { after, type Position, START } from '../../src/sinks/port.ts';
import type { TablePosition } from '../../src/sinks/positions.ts';

const at = (seq: number, n: number): Position => ({ seq, n });

function logAt(start: Position, held: Omit<TablePosition, 'transform_version'> | null = null) {
  const told: unknown[] = [];
  const clock = { now: 0 };
  const log = new DeliveryLog(start, {
    held,
    now: () => clock.now,
    save: async ({ seq, n, unnoted }) => void told.push(['at', seq, n, unnoted?.rows ?? 0]),
    note: async ({ from_seq, to_seq, rows, set_aside }) =>
      void told.push(['noted', from_seq, to_seq, rows, set_aside.map(({ uid }) => uid)]),
  });
  return { log, told, clock };
}

test('a position is made durable once a second, and at the end with its evidence', async () => {
  const { log, told, clock } = logAt(START);
  await log.acknowledged(at(2, 5), 6);
  expect(told).toEqual([]);
  clock.now = 1_000;
  await log.acknowledged(at(3, 1), 2);
  expect(told).toEqual([['at', 3, 1, 8]]);
  clock.now = 1_999;
  await log.acknowledged(at(4, 0), 1);
  await log.acknowledged(after(9), 0);
  await log.finish();
  expect(told.slice(1)).toEqual([
    ['noted', 0, 9, 9, []],
    ['at', 9, after(9).n, 0],
  ]);
});

test('a refused row is in the ledger before the position passes it', async () => {
  const { log, told, clock } = logAt(after(4));
  log.deadLetter({ uid: 'bad', position: at(5, 1) }, 'no time');
  log.deadLetter({ uid: 'later', position: at(5, 9) }, 'no time');
  clock.now = 1_000;
  await log.acknowledged(at(5, 3), 2);
  expect(told).toEqual([
    ['noted', 4, 5, 2, ['bad']],
    ['at', 5, 3, 0],
  ]);
});

test('a refused row that the position never passed is left to the next run', async () => {
  const { log, told } = logAt(after(4));
  log.deadLetter({ uid: 'bad', position: at(5, 1) }, 'no time');
  await log.finish();
  expect(told).toEqual([['at', 4, after(4).n, 0]]);
});

test('many refused rows take several lines, and what is long is cut', async () => {
  const { log, told } = logAt(START);
  for (let n = 0; n < 501; n += 1) {
    log.deadLetter(
      { uid: `${n}-${'x'.repeat(10_000)}`, position: at(1, n) },
      '\u202e'.repeat(10_000),
    );
  }
  await log.acknowledged(after(1), 3);
  await log.finish();
  const lines = told.slice(0, -1) as [string, number, number, number, string[]][];
  expect(lines.map(([, , , rows, uids]) => [rows, uids.length])).toEqual([
    [3, 500],
    [0, 1],
  ]);
  expect(JSON.stringify(lines).length).toBeLessThan(2_000_000);
});

test('what a run that was killed did not note is noted by the next', async () => {
  const { log, told } = logAt(at(7, 3), { ...at(7, 3), unnoted: { from_seq: 2, rows: 40 } });
  await log.acknowledged(after(8), 5);
  await log.finish();
  expect(told).toEqual([
    ['noted', 2, 8, 45, []],
    ['at', 8, after(8).n, 0],
  ]);
});

test('a replay moves no position back', async () => {
  const { log, told } = logAt(after(1), { ...after(9), unnoted: null });
  await log.acknowledged(after(5), 3);
  await log.finish();
  expect(told).toEqual([
    ['noted', 1, 5, 3, []],
    ['at', 9, after(9).n, 0],
  ]);
});
