/** Removing batches on purpose: told from missing ones, gone from everything that was made of them. */
import { forgeNote } from '../load/forged-note.ts';
import { readdirSync } from 'node:fs';
import { link, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { daysAgo, type Home, homeFor, sandboxFor, streamOf } from '../harness.ts';
import { iso } from '../../src/platform/time.ts';
import { DAY, eventAt, eventIds, HOUR, MINUTE, select, stillSandbox } from '../sync/support.ts';
import { long } from '../long.ts';

async function count(home: Home, sql: string): Promise<number> {
  const [row] = await select(home, sql);
  return Number(row?.['n'] ?? -1);
}

async function syncLog(home: Home): Promise<void> {
  const { code, stderr } = await home.run(['sync', 'tabnine/audit-logs', '--quiet']);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
}

const generations = (home: Home): string[] =>
  readdirSync(join(home.folder, 'warehouse')).filter((name) => name.endsWith('.duckdb'));

test('what was pruned has left archive, warehouse and lake, and verify knows it from missing', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 100, days: 4 });
  const home = await homeFor(sandbox, ['tabnine'], { lake: true });
  await syncLog(home);
  // The first batch holds the history; a second one is made by what comes after it.
  clock.at += 10 * MINUTE;
  sandbox.tabnine.events.insert(eventAt(clock.at - MINUTE, 'one-more'));
  await syncLog(home);
  expect(await count(home, 'select count(*)::int n from audit_events')).toBe(101);
  const uid =
    (
      await home.query<{ event_uid: string }>(
        'select event_uid from audit_events order by occurred_at limit 1',
      )
    )[0]?.event_uid ?? '';

  const prune = ['prune', '--event', uid, '--reason', 'erasure request 17'];
  const preview = await home.run([...prune, '--json']);
  expect(JSON.parse(preview.stdout)).toMatchObject({
    outcome: 'previewed',
    batches: 1,
    records: 100,
  });
  expect(await count(home, 'select count(*)::int n from audit_events')).toBe(101);

  const done = await home.run([...prune, '--yes', '--json']);
  expect({ code: done.code, ...JSON.parse(done.stdout) }).toMatchObject({
    code: 0,
    outcome: 'complete',
  });
  expect(await count(home, 'select count(*)::int n from audit_events')).toBe(1);
  expect(generations(home)).toHaveLength(1);
  const lake = readdirSync(join(home.folder, 'lake/audit_events'), { recursive: true });
  expect(lake.filter((name) => String(name).endsWith('.parquet'))).toHaveLength(1);
  expect(await count(home, `select count(*)::int n from ledger where kind = 'prune'`)).toBe(1);

  const verified = await home.run(['verify', '--json']);
  expect({ code: verified.code, ...JSON.parse(verified.stdout) }).toMatchObject({
    code: 0,
    pruned: 1,
    faults: [],
    warehouse: { state: 'equal' },
  });
  expect((await home.run(['rebuild'])).code).toBe(0);
  expect(await count(home, 'select count(*)::int n from audit_events')).toBe(1);
  await syncLog(home);
  expect((await home.run(['verify'])).code).toBe(0);
});

test('whoever looks reads what was pruned, of when, how much, why, and what stays', async () => {
  const { sandbox, clock } = await stillSandbox();
  const home = await homeFor(sandbox);
  const [first, last] = [clock.at - 3 * HOUR, clock.at - 2 * HOUR];
  sandbox.tabnine.events.insert(eventAt(first, 'first'));
  sandbox.tabnine.events.insert(eventAt(last, 'last'));
  await syncLog(home);
  const which = ['--event', 'tabnine:first'];
  const before = iso(clock.at);
  const part = `  tabnine/audit-logs: 2 records in 1 batch, from ${iso(first)} to ${iso(last)}`;
  const seq = await count(home, `select seq::int as n from ledger where kind = 'batch'`);
  const preview = await home.run(['prune', '--before', before, '--reason', 'kept for a day']);
  expect(preview.stdout.split('\n')).toEqual([
    `would be pruned: 2 records in 1 batch (seq ${seq})`,
    part,
    `why: asked for by --before ${before}: kept for a day`,
    'with --yes they are removed, and nobody can bring them back; the ledger keeps hashes, counts, times and this reason',
    '',
  ]);
  const none = await home.run(['prune', '--before', '2020-01-01', '--reason', 'r', '--yes']);
  expect(none.stdout).toBe(
    'nothing to prune: no batch that may go has events older than 2020-01-01T00:00:00.000Z alone\n',
  );
  const prune = ['prune', ...which, '--reason', 'erasure request 17', '--yes'];
  expect((await home.run(prune)).stdout.split('\n')).toEqual([
    `pruned: 2 records in 1 batch (seq ${seq})`,
    part,
    'why: asked for by --event tabnine:first: erasure request 17',
    'what stays: the ledger’s lines about them (hashes, counts, times), and this reason',
    'warehouse and lake were made anew without them',
    '',
  ]);
  expect(
    await home.query(`select reason, seqs::varchar as seqs from ledger where kind = 'prune'`),
  ).toEqual([{ reason: 'erasure request 17', seqs: `[[${seq},${seq}]]` }]);
  const notes = await home.query<{ note: string }>(
    `select distinct note from coverage where reason = 'pruned'`,
  );
  expect(notes.map(({ note }) => note)).toEqual([
    expect.stringMatching(/^removed at \S+ \S+Z: erasure request 17$/),
  ]);
});

test('what was pruned stays out, though the vendor serves it on, and the report says so', async () => {
  const { sandbox, clock } = await stillSandbox();
  const { events } = sandbox.tabnine;
  const home = await homeFor(sandbox);
  events.insert(eventAt(clock.at - 3 * HOUR, 'pruned'));
  events.insert(eventAt(clock.at - 2 * HOUR, 'with-it'));
  await home.sync();
  clock.at += 10 * MINUTE;
  events.insert(eventAt(clock.at - MINUTE, 'later'));
  await home.sync();
  const prune = ['prune', '--event', 'tabnine:pruned', '--reason', 'erasure', '--yes'];
  expect((await home.run(prune)).code).toBe(0);
  const ids = async (): Promise<string> => (await eventIds(home)).join(' ');
  const read = async (): Promise<unknown> => {
    const { records, new_records, pruned_records } = streamOf(await home.sync(), 'audit-logs');
    return { records, new_records, pruned_records };
  };
  expect(await read()).toEqual({ records: 3, new_records: 0, pruned_records: 2 });
  expect(await ids()).toBe('later');
  const shown = await home.run(['sync', 'tabnine/audit-logs']);
  expect(shown.stdout).toContain(
    'tabnine/audit-logs: 2 records that were pruned are still served by the vendor, and kept out',
  );
  // Not changed either, nor by a run that reads an old window, nor a month later, in another segment.
  events.replace('pruned', { eventType: 'user.logout' });
  clock.at += MINUTE;
  const day = (offset: number): string => new Date(clock.at + offset).toISOString().slice(0, 10);
  expect((await home.run(['rebuild'])).code).toBe(0);
  const window = ['--from', day(-DAY), '--to', day(DAY)];
  expect((await home.run(['backfill', ...window, 'tabnine/audit-logs'])).code).toBe(0);
  expect(await ids()).toBe('later');
  clock.at += 31 * DAY;
  events.insert(eventAt(clock.at - MINUTE, 'next-month'));
  expect(await read()).toEqual({ records: 4, new_records: 1, pruned_records: 2 });
  expect(await read()).toEqual({ records: 1, new_records: 0 });
  expect((await home.run(['backfill', ...window, 'tabnine/audit-logs'])).code).toBe(0);
  expect(await ids()).toBe('later next-month');
  const verified = await home.run(['verify']);
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('0 faults') });
  // What is new at the same time is not kept out.
  events.insert(eventAt(clock.at - 2 * MINUTE, 'late'));
  expect(await read()).toMatchObject({ new_records: 1 });
});

test('a generation of before the removal that is still there, as after a kill, is not gone on from', async () => {
  const { sandbox, clock } = await stillSandbox();
  const home = await homeFor(sandbox);
  const night = async (id: string): Promise<void> => {
    clock.at += 10 * MINUTE;
    sandbox.tabnine.events.insert(eventAt(clock.at - MINUTE, id));
    await home.sync();
  };
  const folder = join(home.folder, 'warehouse');
  const noted = async (): Promise<Note> =>
    JSON.parse(await readFile(join(folder, 'current.json'), 'utf8')) as Note;
  for (const id of ['pruned', 'second', 'third']) await night(id);
  const { former, hash: _, ...published } = await noted();
  expect(former).not.toBeNull();
  const elsewhere = join(home.folder, '..', 'kept.duckdb');
  await link(join(folder, published.file), elsewhere);
  const prune = ['prune', '--event', 'tabnine:pruned', '--reason', 'erasure', '--yes'];
  expect((await home.run(prune)).code).toBe(0);
  await rename(elsewhere, join(folder, published.file));
  await forgeNote(home.folder, (note) => ({ ...note, former: published }));
  await night('fourth');
  expect(await eventIds(home)).toEqual(['fourth', 'second', 'third']);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});

type Note = { file: string; former: object | null; hash: string };

test('a revision that another batch has is known, though the first was pruned', async () => {
  const { sandbox, clock } = await stillSandbox();
  const { events } = sandbox.tabnine;
  const home = await homeFor(sandbox);
  events.insert(eventAt(clock.at - 3 * HOUR, 'moved'));
  await home.sync();
  clock.at += 10 * MINUTE;
  events.replace('moved', { timestamp: new Date(clock.at - MINUTE).toISOString() });
  await home.sync();
  const before = new Date(clock.at - HOUR).toISOString();
  expect((await home.run(['prune', '--before', before, '--reason', 'r', '--yes'])).code).toBe(0);
  const report = streamOf(await home.sync(), 'audit-logs');
  expect(report).toMatchObject({ records: 1, known_records: 1, absent_records: 0 });
  expect(await eventIds(home)).toEqual(['moved']);
});

test('a figure that was pruned stays out until it has another value', async () => {
  const sandbox = await sandboxFor({ events: 0, days: 3, users: 1, teams: 1 });
  const home = await homeFor(sandbox, ['tabnine'], { streams: ['usage-organization'] });
  home.env['AUDITLAKE_START'] = daysAgo(3);
  expect(streamOf(await home.sync(), 'usage-organization').new_records).toBeGreaterThan(0);
  const prune = ['prune', '--before', '2100-01-01', '--reason', 'r', '--yes'];
  expect((await home.run(prune)).code).toBe(0);
  const again = streamOf(await home.sync(), 'usage-organization');
  expect(again.pruned_records).toBeGreaterThan(0);
  expect(again.new_records).toBe(0);
  expect((await home.run(['verify'])).code).toBe(0);
});

test('a crash between the ledger and the files is made good by the next run', async () => {
  const sandbox = await sandboxFor({ events: 100, days: 20 });
  const home = await homeFor(sandbox);
  await syncLog(home);
  const [batch] = await home.query<{ file: string }>(
    `select file from ledger where kind = 'batch'`,
  );
  const file = join(home.folder, 'archive', batch?.file ?? '');
  const bytes = await readFile(file);
  expect(
    (await home.run(['prune', '--before', '2100-01-01', '--reason', 'all', '--yes'])).code,
  ).toBe(0);
  await writeFile(file, bytes);
  const verified = await home.run(['verify']);
  expect(verified.code).toBe(3);
  expect(verified.stdout).toContain('was pruned, but is still there');
  await syncLog(home);
  expect((await home.run(['verify'])).code).toBe(0);
});

/** Days of the events in the lake. */
function daysInLake(home: Home): string[] {
  const files = readdirSync(join(home.folder, 'lake/audit_events'), { recursive: true }).map(
    String,
  );
  return files.flatMap((name) => /(\d{4}-\d\d-\d\d)\.parquet$/.exec(name)?.[1] ?? []).toSorted();
}

// load/lake.test.ts and load/lake-months.test.ts have it without the commands.
long('days past their retention leave the lake, and come back when it is made longer', async () => {
  const sandbox = await sandboxFor({ events: 60, days: 6 });
  const home = await homeFor(sandbox, ['tabnine'], { lake: true });
  await syncLog(home);
  const all = daysInLake(home);
  expect(all.length).toBeGreaterThan(3);

  await home.configure({ lake: { retention: '2d' } });
  const pruned = await home.run(['prune', '--lake', '--json']);
  const { keeps_from: keepsFrom, removed } = JSON.parse(pruned.stdout).lake;
  const kept = all.filter((day) => day >= keepsFrom);
  expect(daysInLake(home)).toEqual(kept);
  expect({ code: pruned.code, removed }).toEqual({ code: 0, removed: all.length - kept.length });
  const again = await home.run(['prune', '--lake']);
  expect(again).toMatchObject({
    code: 0,
    stdout: `nothing to prune: the lake has no day before ${keepsFrom} (lake.retention is 48 hours)\n`,
  });
  expect((await home.run(['verify'])).code).toBe(0);

  await home.configure({ lake: { retention: '400d' } });
  expect((await home.run(['rebuild'])).code).toBe(0);
  expect(daysInLake(home)).toEqual(all);

  await home.configure({ lake: { retention: '2d' } });
  const gone = all.filter((day) => day < keepsFrom);
  const shown = await home.run(['prune', '--lake']);
  const [said = '', ...rest] = shown.stdout.split('\n');
  expect(said).toMatch(
    new RegExp(
      String.raw`^pruned from the lake: \d+ rows in \d+ files, of the days from ${gone[0]} to ${gone.at(-1)}$`,
    ),
  );
  expect(rest).toEqual([
    `why: lake.retention is 48 hours; days from ${keepsFrom} on are kept`,
    'what stays: archive and warehouse have them; a longer retention brings them back',
    '',
  ]);
});

test.each([
  ['without a reason', ['--before', '2020-01-01'], '--reason is missing'],
  ['without saying what', ['--reason', 'x'], '--before or --event'],
  [
    'with both',
    ['--reason', 'x', '--before', '2020-01-01', '--event', 'a:b'],
    '--before or --event',
  ],
  ['of the lake with a reason', ['--lake', '--reason', 'x'], '--lake takes no streams'],
  ['of a lake that keeps all', ['--lake'], 'lake.retention is not set'],
  [
    'with a time that is none',
    ['--reason', 'x', '--before', 'yesterday'],
    '--before is not a date',
  ],
])('prune %s ends with 2', async (_what, args, message) => {
  const home = await homeFor(null, [], { lake: true });
  const { code, stderr } = await home.run(['prune', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
