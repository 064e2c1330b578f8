/** An outage, as `status --coverage` shows it to a person and to whoever watches its exit code. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sandbox } from '../sandbox/start.ts';
import { type Home, homeFor } from '../harness.ts';
import { type Clock, DAY, eventAt, HOUR, stillSandbox } from '../sync/support.ts';
import { long } from '../long.ts';

const june = (day: number): number => Date.UTC(2026, 5, day, 12);

/** The clock of a command: what is waited for here takes days. */
const at = (instant: number): { now: () => number } => ({ now: () => instant });

type Alarm = { kind: string; source: string; stream: string; what: string; exit: number };
type Status = {
  coverage: { stream: string; from: string; to: string; state: string; reason: string }[];
  alarms: Alarm[];
  streams: { stream: string; retention: { kept_seconds: number | null } | null }[];
};

type Seen = { code: number | null; status: Status; days: string[]; alarms: string[] };

/** The audit log as it is seen at an instant. */
async function look(home: Home, instant: number, more: string[] = [], env = {}): Promise<Seen> {
  const args = ['status', '--coverage', '--json', ...more];
  const { code, stdout, stderr } = await home.run(args, env, at(instant));
  expect(stderr).toBe('');
  const status = JSON.parse(stdout) as Status;
  const days = status.coverage
    .filter(({ stream }) => stream === 'audit-logs')
    .map(({ from, to, state, reason }) => `${from} ${to} ${state}: ${reason}`);
  return {
    code,
    status,
    days,
    alarms: status.alarms.map(({ kind, stream }) => `${kind} ${stream}`),
  };
}

/** Five days of history until 15 June, synced then; an event every twelve hours from then on. */
async function collected(
  required = ['audit-logs'],
): Promise<{ sandbox: Sandbox; clock: Clock; home: Home }> {
  const { sandbox, clock } = await stillSandbox({ events: 300, days: 5 }, june(15));
  const home = await homeFor(sandbox);
  await home.configure({
    sources: {
      tabnine: {
        type: 'tabnine',
        baseUrl: sandbox.url,
        token: sandbox.token,
        start: '2026-06-11',
        usageScopes: [],
        required,
      },
    },
  });
  await home.sync(0, {}, at(clock.at));
  return { sandbox, clock, home };
}

function goOn(sandbox: Sandbox, clock: Clock, to: number): void {
  for (let time = clock.at + HOUR; time < to; time += DAY / 2) {
    sandbox.tabnine.events.insert(eventAt(time, `at-${time}`));
  }
  clock.at = to;
}

test('an outage is a gap until the next sync, and for good where the vendor has purged it', async () => {
  const { sandbox, clock, home } = await collected();
  const before = await look(home, june(15) + HOUR);
  expect(before).toMatchObject({
    code: 0,
    alarms: [],
    days: [
      '2026-06-11 2026-06-13 complete: read again after the lookback',
      '2026-06-14 2026-06-14 provisional: read',
      '2026-06-15 2026-06-15 provisional: partly read',
    ],
  });

  goOn(sandbox, clock, june(25));
  const during = await look(home, june(25));
  expect(during).toMatchObject({ code: 4, alarms: ['unread audit-logs', 'freshness audit-logs'] });
  expect(during.days.slice(2)).toEqual([
    '2026-06-15 2026-06-15 gap: not read yet',
    '2026-06-16 2026-06-22 gap: not read yet',
    '2026-06-23 2026-06-25 provisional: not read yet',
  ]);
  expect(during.status.alarms[0]?.what).toBe(
    '8 days (2026-06-15, 2026-06-16 to 2026-06-22) not read yet',
  );

  sandbox.tabnine.events.removeBefore(june(19) - 12 * HOUR);
  await home.sync(0, {}, at(clock.at));
  const after = await look(home, june(25) + HOUR);
  expect(after).toMatchObject({ code: 5, alarms: ['lost audit-logs'] });
  expect(after.days).toEqual([
    '2026-06-11 2026-06-13 complete: read again after the lookback',
    '2026-06-14 2026-06-14 provisional: read',
    '2026-06-15 2026-06-18 gap: lost to retention',
    '2026-06-19 2026-06-23 complete: read again after the lookback',
    '2026-06-24 2026-06-24 provisional: read',
    '2026-06-25 2026-06-25 provisional: partly read',
  ]);
  expect(await look(home, june(25) + HOUR, ['--from', '2026-06-19'])).toMatchObject({ code: 0 });
  const [{ gaps } = {}] = await home.query<{ gaps: number }>(
    `select count(*)::integer as gaps from coverage where state = 'gap' and events = 0`,
  );
  expect(gaps).toBe(3);
});

test('a gap of a stream that is not required waits for the next sync; each day has its mark', async () => {
  const { home } = await collected([]);
  expect(await look(home, june(25))).toMatchObject({ code: 3, alarms: ['unread audit-logs'] });
  // In ASCII where no terminal is.
  const { code, stdout } = await home.run(
    ['status', '--coverage', 'tabnine/audit-logs'],
    { LANG: 'C.UTF-8' },
    at(june(25)),
  );
  expect(code).toBe(3);
  expect(stdout.split('\n').slice(0, 2)).toEqual([
    'tabnine/audit-logs: 3 complete, 4 provisional, 8 gap',
    '  2026-06  ..........cccpXXXXXXXXppp.....',
  ]);
  expect(stdout).toContain('ALARM unread: tabnine/audit-logs: 8 days');
});

test('what nobody can know is unknown, and no alarm is not said of it', async () => {
  const { home } = await collected();
  const screen = async (instant: number, ...more: string[]): Promise<string> =>
    (await home.run(['status', '--coverage', ...more], {}, at(instant))).stdout;
  const soon = june(15) + HOUR;
  const asked = await look(home, soon, ['--from', '2026-06-01']);
  expect(asked.days[0]).toBe('2026-06-01 2026-06-10 unknown: before the first day');
  expect(asked.code).toBe(0);
  expect(await screen(soon, '--from', '2026-06-01')).toMatch(/gap, 10 unknown\n {2}2026-06/);
  expect(await screen(soon)).toContain('no alarm; what was before the first day of a stream is');
  // Of days that nobody read nothing is said.
  const later = await screen(soon, '--from', '2026-07-01');
  expect(later).toContain('unknown: nothing was read of these days');
  expect(later).not.toContain('no alarm');
  // After a first sync the vendor may have purged anything.
  expect(await screen(soon)).toContain('how long the vendor keeps it is unknown');
  expect((await home.run(['status'], {}, at(soon))).stdout).not.toContain('purged nothing');
});

test('a log without any event is unknown, not fine', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 0 }, june(15));
  const home = await homeFor(sandbox);
  await home.sync(0, {}, at(clock.at));
  const before = await home.run(['status', '--coverage'], {}, at(june(15) + HOUR));
  expect(before.stdout).toContain('tabnine/audit-logs: unknown: nothing of it was ever served');
  expect(before.stdout).not.toContain('no alarm');
  sandbox.tabnine.events.insert(eventAt(clock.at - HOUR, 'first'));
  clock.at += HOUR;
  await home.sync(0, {}, at(clock.at));
  const after = await home.run(['status', '--coverage'], {}, at(clock.at));
  expect(after.stdout).toContain('no alarm; what was before the first day');
});

// evidence/alarms.test.ts has the rule.
long('a backlog that the vendor is about to purge is an alarm in time', async () => {
  const { sandbox, clock, home } = await collected();
  goOn(sandbox, clock, june(17));
  sandbox.tabnine.events.removeBefore(june(12));
  await home.sync(0, {}, at(clock.at));
  const patient = { AUDITLAKE_FRESHNESS: '30d' };
  const measured = await look(home, june(18), [], patient);
  expect(measured).toMatchObject({ code: 0, alarms: [] });
  const kept = measured.status.streams.find(({ stream }) => stream === 'tabnine/audit-logs');
  expect(kept?.retention?.kept_seconds).toBeGreaterThan(4.5 * (DAY / 1000));
  expect(kept?.retention?.kept_seconds).toBeLessThanOrEqual(5 * (DAY / 1000));

  expect(await look(home, june(21) + HOUR, [], patient)).toMatchObject({
    code: 4,
    alarms: ['retention audit-logs'],
  });
  // Who only looks is told, and nothing more.
  const plain = await home.run(['status'], patient, at(june(21) + HOUR));
  expect(plain.code).toBe(0);
  expect(plain.stdout).toContain('ALARM retention: tabnine/audit-logs');
});

test('what cannot be looked at ends with 2, and an archive that is gone with 5', async () => {
  const { home } = await collected();
  const wrong = [
    ['--from', '2026-06-01'],
    ['tabnine'],
    ['--coverage', '--from', '2026-06-31'],
    ['--coverage', 'tabnine/nonsense'],
  ];
  const refused = await Promise.all(wrong.map((args) => home.run(['status', ...args])));
  expect(refused.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
  await rm(join(home.folder, 'archive'), { recursive: true });
  for (const args of [[], ['--coverage', '--json']]) {
    const { code, stderr } = await home.run(['status', ...args]);
    expect(code).toBe(5);
    expect(stderr).toContain('has no ledger, but the warehouse was made from it up to seq');
  }
  await rm(home.folder, { recursive: true });
  expect(await home.run(['status', '--coverage'])).toMatchObject({ code: 2 });
  expect(await home.run(['status'])).toMatchObject({ code: 0 });
});
