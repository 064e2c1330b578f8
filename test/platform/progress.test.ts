/** What a person sees who waits, and what the log says of it. */
import { EventEmitter, once } from 'node:events';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openOutput } from '../../src/platform/output.ts';
import { during } from '../../src/platform/progress.ts';
import { type At, progressText } from '../../src/platform/progress-text.ts';

describe('the line says what is being done, how much, how fast and for how long', () => {
  const cases: [At, number, string][] = [
    [{}, 0, 'lake'],
    [{}, 5_300, 'lake  5 s so far'],
    [{ done: 3, of: 60, unit: 'files' }, 900, 'lake  3 of 60 files  5 %'],
    [
      { done: 30, of: 60, unit: 'files' },
      10_000,
      'lake  30 of 60 files  3/s  50 %  about 10 s left',
    ],
    [
      { done: 60, of: 60, unit: 'files' },
      10_000,
      'lake  60 of 60 files  6/s  100 %  about 0 s left',
    ],
    [{ done: 0, of: 0, unit: 'files' }, 3_000, 'lake  0 of 0 files  3 s so far'],
    [
      { what: 'acme/audit-logs', done: 1_200_000, unit: 'records', fraction: null },
      600_000,
      'lake  acme/audit-logs  1,200,000 records  2,000/s  10 min so far',
    ],
    // Too early to say.
    [{ done: 1, of: 100_000, unit: 'rows' }, 60_000, 'lake  1 of 100,000 rows  0 %  60 s so far'],
    // A part that began later goes by its own time.
    [{ fraction: 0.25, fractionMs: 3_600_000 }, 9_000_000, 'lake  25 %  about 3 h 0 min left'],
    // What a vendor promised too little of.
    [
      { done: 70, of: 60, unit: 'files' },
      10_000,
      'lake  70 of 60 files  7/s  100 %  about 0 s left',
    ],
  ];
  test.each(cases)('%j after %d ms', (at, elapsedMs, text) => {
    expect(progressText('lake', at, elapsedMs)).toBe(text);
  });
});

describe('while work is under way', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('a terminal shows within two seconds that it goes on, though nothing is reported', async () => {
    const { output, written } = outputTo(true);
    const ended = new EventEmitter();
    const work = during(output, 'loading', () => once(ended, 'end'));
    for (let second = 1; second <= 5; second += 1) {
      const before = written().length;
      await vi.advanceTimersByTimeAsync(2_000);
      expect(written().length).toBeGreaterThan(before);
    }
    expect(written()).toContain('loading  10 s so far');
    ended.emit('end');
    await work;
    // The line is wiped, and nothing comes after it.
    expect(written().endsWith('\r\u001B[K')).toBe(true);
    const after = written().length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(written().length).toBe(after);
  });

  test('of work within work the inner one is shown', async () => {
    const { output, written } = outputTo(true);
    await during(output, 'verifying', async () => {
      await during(output, 'comparing', () => vi.advanceTimersByTimeAsync(3_000));
      expect(written()).not.toContain('verifying');
      await vi.advanceTimersByTimeAsync(3_000);
    });
    expect(written()).toMatch(/comparing {2}3 s so far[\s\S]*verifying {2}6 s so far/);
  });

  test('elsewhere the log says it every ten seconds, in figures', async () => {
    const { output, written } = outputTo(false);
    await during(output, 'lake', async (report) => {
      for (let done = 1; done <= 25; done += 1) {
        report({ done, of: 50, unit: 'files' });
        await vi.advanceTimersByTimeAsync(1_000);
      }
    });
    const lines = written()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ msg: 'lake', of: 50, unit: 'files', perSecond: 1 });
  });

  test('work that fails leaves no line behind', async () => {
    const { output, written } = outputTo(true);
    const work = during(output, 'lake', async () => {
      await vi.advanceTimersByTimeAsync(1_500);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(written().endsWith('\r\u001B[K')).toBe(true);
  });
});

function outputTo(isTTY: boolean) {
  const chunks: Buffer[] = [];
  const stderr = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    }),
    { isTTY },
  );
  const output = openOutput({
    secrets: [],
    logLevel: 'info',
    quiet: false,
    env: {},
    stdout: new Writable(),
    stderr,
  });
  return { output, written: () => Buffer.concat(chunks).toString('utf8') };
}
