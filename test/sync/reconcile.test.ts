/** Old windows read again: by `backfill`, and where the vendor's count of a closed day differs from ours. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { dueDays, reconcile, type WhichDays } from '../../src/runs/reconcile.ts';
import { type Home, homeFor, type Report, streamOf } from '../harness.ts';
import { addTie, devinHome, devinIds, devinSandbox, syncDevin } from './devin-support.ts';
import { auditRequests, DAY, eventAt, eventIds, HOUR, stillSandbox, vendorIds } from './support.ts';

type Checked = {
  day: string;
  state: string;
  archived: number;
  vendor: number | null;
  served: number | null;
  new_records: number;
  note: string | null;
};
type Compared = Report['streams'][number] & { checked: Checked[] };

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** As the verb does it, without the rest of `verify`, which takes most of its time. */
async function compare(
  home: Home,
  which: WhichDays = { limit: 31 },
  env: Record<string, string> = {},
): Promise<{ code: number | null; log: Compared }> {
  const { document, exit } = await reconcile(home.context(env), which);
  return { code: exit, log: streamOf(document, 'audit-logs') as Compared };
}

async function compareByVerb(
  home: Home,
  args: string[] = [],
): Promise<{ code: number | null; log: Compared }> {
  const { code, stdout, stderr } = await home.run([
    'verify',
    '--against-source',
    '--json',
    ...args,
  ]);
  expect(stdout, stderr).not.toBe('');
  const document = JSON.parse(stdout) as { against_source: Report };
  return { code, log: streamOf(document.against_source, 'audit-logs') as Compared };
}

const daysOf = ({ log }: { log: Compared }): string[] => log.checked.map((checked) => checked.day);

async function syncedLog(events = 100): Promise<{
  home: Home;
  sandbox: Awaited<ReturnType<typeof stillSandbox>>['sandbox'];
  clock: { at: number };
}> {
  const { sandbox, clock } = await stillSandbox({ events, days: 12, users: 3, teams: 1 });
  const home = await homeFor(sandbox);
  expect((await home.run(['sync', 'tabnine/audit-logs'])).code).toBe(0);
  return { home, sandbox, clock };
}

test('an event that appears days late is noticed by the count of its day, read and recorded', async () => {
  const { home, sandbox, clock } = await syncedLog();
  sandbox.tabnine.events.insert(eventAt(clock.at - 10 * DAY, 'late'));
  clock.at += HOUR;
  const before = auditRequests(sandbox).length;
  expect((await home.run(['sync', 'tabnine/audit-logs'])).code).toBe(0);
  expect(await eventIds(home)).not.toContain('late');

  const { code, log } = await compareByVerb(home);
  expect(code).toBe(0);
  const found = log.checked.filter(({ new_records }) => new_records > 0);
  expect(found).toMatchObject([
    { day: day(clock.at - HOUR - 10 * DAY), state: 'complete', new_records: 1 },
  ]);
  expect(found[0]?.vendor).toBe((found[0]?.archived ?? 0) + 1);
  expect(await eventIds(home)).toEqual(vendorIds(sandbox));
  expect(auditRequests(sandbox).length).toBeGreaterThan(before);

  // Now all counts agree: one request a day, two for the oldest event.
  const asked = auditRequests(sandbox).length;
  const again = await compare(home);
  expect(
    again.log.checked.every(({ state, served }) => state === 'complete' && served === null),
  ).toBe(true);
  expect(auditRequests(sandbox).length - asked).toBe(again.log.checked.length + 2);
  const runs = await home.query<{ checked: Checked[] }>(
    `select (streams->0->'checked') as checked from runs where (streams->0->'checked') is not null order by seq`,
  );
  expect(runs.map(({ checked }) => checked.some(({ new_records }) => new_records > 0))).toEqual([
    true,
  ]);
});

test('the days of a chosen time are compared, also those before the first that was read, and nothing else moves', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 100, days: 12, users: 3, teams: 1 });
  const home = await homeFor(sandbox);
  home.env['AUDITLAKE_START'] = day(clock.at - 8 * DAY);
  expect((await home.run(['sync', 'tabnine/audit-logs'])).code).toBe(0);
  sandbox.tabnine.events.insert(eventAt(clock.at - 5 * DAY, 'late'));
  const chosen = (from: number, to: number): WhichDays => ({
    from: Date.parse(day(clock.at - from * DAY)),
    to: Date.parse(day(clock.at - to * DAY)),
  });
  const next = async (): Promise<string | undefined> =>
    (await compare(home, { limit: 1 })).log.checked[0]?.day;
  const listed = (from: number, to: number): string[] =>
    Array.from({ length: from - to }, (_, i) => day(clock.at - (from - i) * DAY));
  // An instant within a day is of that day.
  const within = ['--from', `${day(clock.at - 6 * DAY)}T12:00Z`, '--to', day(clock.at - 4 * DAY)];
  expect(daysOf(await compareByVerb(home, within))).toEqual(listed(6, 4));
  expect(await eventIds(home)).toContain('late');
  expect(daysOf(await compare(home, chosen(10, 7)))).toEqual(listed(10, 7));
  expect((await home.query('select 1 from audit_events')).length).toBeGreaterThan(60);
  // A chosen time is no place to go on from: the first of the usual ones is the oldest.
  expect([await next(), await next()]).toEqual(listed(10, 8));
});

test.each([
  ['--days 3', 'add --against-source'],
  ['--from 2026-06-01 --to 2026-06-02', 'add --against-source'],
  ['--against-source --from 2026-06-01', '--from and --to go together'],
  ['--against-source --days 3 --from 2026-06-01 --to 2026-06-02', 'exclude each other'],
  ['--against-source --from yesterday --to 2026-06-02', 'is not a date or instant'],
])('verify %s ends with 2 before anything is done', async (args, message) => {
  // A home without an archive: what is wrong with the arguments is said before one is looked for.
  const { sandbox } = await stillSandbox();
  await expectRefused(await homeFor(sandbox), args, message);
});

test('days that are none, or not closed, end with 2 before the vendor is asked', async () => {
  const { home } = await syncedLog(1);
  for (const [args, message] of [
    ['--against-source --from 2026-06-03 --to 2026-06-02', 'no closed day'],
    ['--against-source --from 2026-06-15 --to 2026-07-02', 'Days are closed up to 2026-06-14'],
  ] as const) {
    await expectRefused(home, args, message);
  }
});

async function expectRefused(home: Home, args: string, message: string): Promise<void> {
  const { code, stdout, stderr } = await home.run(['verify', ...args.split(' ')]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
}

test('a count that is only a hint is remembered as a note, and what vanished is noted', async () => {
  const { home, sandbox, clock } = await syncedLog();
  sandbox.tabnine.quirks.total = 'over';
  const over = await compare(home);
  expect(over.code).toBe(0);
  expect(
    over.log.checked.every(
      ({ state, note }) => state === 'complete' && /is a hint/.test(note ?? ''),
    ),
  ).toBe(true);
  expect(over.log.new_records).toBe(0);

  sandbox.tabnine.quirks.total = 'exact';
  const [oldest = ''] = sandbox.tabnine.events.ids(clock.at - 8 * DAY, clock.at - 7 * DAY);
  sandbox.tabnine.events.remove(oldest);
  const { code, log } = await compare(home);
  expect(code).toBe(0);
  expect(log.absent_records).toBe(1);
  const kinds = await home.query(`select kind, what->>'event_uid' as uid from anomalies`);
  expect(kinds).toEqual([{ kind: 'vanished', uid: `tabnine:${oldest}` }]);
  // Noted once: the archive counts it no longer.
  expect((await compare(home)).log.absent_records).toBe(0);
});

test('where the vendor gives no count each day is read again', async () => {
  const { sandbox, clock } = await devinSandbox({ events: 60, days: 12 });
  const home = await devinHome(sandbox);
  await syncDevin(home, ['audit-logs']);
  const at = clock.at - 5 * DAY;
  addTie(sandbox, at, 2, 'late');
  const { code, log } = await compare(home);
  expect(code).toBe(0);
  expect(log.checked.length).toBeGreaterThan(5);
  expect(log.checked.every(({ vendor, served }) => vendor === null && served !== null)).toBe(true);
  expect(log.checked.filter(({ new_records }) => new_records > 0)).toMatchObject([
    { day: day(at), new_records: 2, state: 'complete' },
  ]);
  expect(await eventIds(home)).toEqual(devinIds(sandbox));
});

test('a run compares so many days and the next one goes on after them', async () => {
  const { home } = await syncedLog(60);
  const seen: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    const { log } = await (i === 0
      ? compareByVerb(home, ['--days', '3'])
      : compare(home, { limit: 3 }));
    expect(log.checked).toHaveLength(3);
    seen.push(...log.checked.map((one) => one.day));
  }
  expect(new Set(seen).size).toBe(9);
  expect(seen).toEqual(seen.toSorted());
});

test('events that the vendor counts and refuses to list end with 5, and the day is said', async () => {
  const { home, sandbox, clock } = await syncedLog();
  const bad = clock.at - 10 * DAY;
  sandbox.tabnine.events.insert(eventAt(bad, 'withheld'));
  const proxy = await refusing(sandbox.url, (url) => {
    const isList = url.searchParams.get('limit') === '1000';
    return isList && (url.searchParams.get('from') ?? '').startsWith(day(bad));
  });
  const { code, log } = await compare(home, undefined, { TABNINE_BASE_URL: proxy });
  expect(code).toBe(5);
  expect(log.checked.filter(({ state }) => state !== 'complete')).toMatchObject([
    { day: day(bad), state: 'missing' },
  ]);
  expect(log.error?.message).toContain(day(bad));
  // As soon as it can be read it is.
  expect(
    (await home.run(['backfill', '--from', day(bad), '--to', day(bad + DAY), 'tabnine/audit-logs']))
      .code,
  ).toBe(0);
  expect(await eventIds(home)).toEqual(vendorIds(sandbox));
});

test('a backfill reads its window only and leaves the watermark', async () => {
  const { home, sandbox, clock } = await syncedLog();
  const [before] = await home.query(
    `select "cursor" from ledger where kind = 'batch' order by seq desc limit 1`,
  );
  for (const days of [5, 10])
    sandbox.tabnine.events.insert(eventAt(clock.at - days * DAY, `late-${days}`));
  const ran = await home.run([
    'backfill',
    '--from',
    day(clock.at - 6 * DAY),
    '--to',
    day(clock.at - 4 * DAY),
    '--json',
  ]);
  expect(ran.code).toBe(0);
  expect(streamOf(JSON.parse(ran.stdout) as Report, 'audit-logs').new_records).toBe(1);
  const ids = await eventIds(home);
  expect([ids.includes('late-5'), ids.includes('late-10')]).toEqual([true, false]);
  const [after] = await home.query(
    `select "cursor" from ledger where kind = 'batch' and stream = 'audit-logs' order by seq desc limit 1`,
  );
  expect(after).toEqual(before);
});

test.each([
  ['nothing compared yet', { from: 0, to: 3 }, null, 9, [0, 1, 2]],
  ['the limit', { from: 0, to: 9 }, null, 2, [0, 1]],
  ['goes on after the last one', { from: 0, to: 9 }, 3, 2, [4, 5]],
  ['from the first again after the newest', { from: 0, to: 4 }, 3, 2, [0, 1]],
  ['what was purged meanwhile is left out', { from: 5, to: 9 }, 2, 2, [5, 6]],
  ['no closed day', { from: 3, to: 3 }, null, 2, []],
  ['a watermark before the first day', { from: 3, to: 1 }, null, 2, []],
])('days to compare: %s', (_what, closed, upTo, limit, expected) => {
  const window = { from: closed.from * DAY, to: closed.to * DAY };
  const last = upTo === null ? null : day(upTo * DAY);
  expect(dueDays(window, last, [], limit)).toEqual(expected.map((n) => n * DAY));
});

test('a day of which a part was pruned is not compared', () => {
  const pruned = [{ from: 2 * DAY + HOUR, to: 4 * DAY }];
  const days = dueDays({ from: 0, to: 7 * DAY }, null, pruned, 9);
  expect(days).toEqual([0, 1, 5, 6].map((n) => n * DAY));
});

/** A server in front of another that refuses some requests for good. */
async function refusing(target: string, isRefused: (url: URL) => boolean): Promise<string> {
  const server = createServer((incoming, answer) => {
    const url = new URL(incoming.url ?? '', target);
    if (isRefused(url)) {
      answer.writeHead(400, { 'content-type': 'application/json' });
      answer.end('{"message":"this day is not available"}');
      return;
    }
    const onward = request(url, { headers: incoming.headers }, (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(answer);
    });
    onward.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(target).pathname}`;
}
