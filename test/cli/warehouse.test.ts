/** What others do to the published warehouse costs a rebuild at most, never a record. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, realpath, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../sandbox/start.ts';
import { daysAgo, type Home, homeFor, sandboxFor } from '../harness.ts';
import { few, long } from '../long.ts';

const DUCKDB = import.meta.resolve('@duckdb/node-api');

/** A process of its own that holds the file and runs what it reads, one statement a line, and says `done`. */
const VANDAL = `
  import { createInterface } from 'node:readline';
  import { DuckDBInstance } from ${JSON.stringify(DUCKDB)};
  const instance = await DuckDBInstance.create(process.argv[1]);
  const connection = await instance.connect();
  console.log('open');
  for await (const sql of createInterface({ input: process.stdin })) {
    await connection.run(sql);
    console.log('done');
  }
`;

type Vandal = { run(sql: string): Promise<void>; end(): Promise<void> };

async function vandalOf(file: string): Promise<Vandal> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', VANDAL, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const expectAnswer = async (expected: string): Promise<void> => {
    const { value } = (await answers.next()) as { value?: string };
    if (value !== expected) throw new Error(`the other process ended before it said ${expected}`);
  };
  await expectAnswer('open');
  return {
    async run(sql) {
      child.stdin.write(`${sql}\n`);
      await expectAnswer('done');
    },
    async end() {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}

function addEvent(sandbox: Sandbox, id: string): void {
  const timestamp = new Date(Date.now() - 60_000).toISOString();
  sandbox.tabnine.events.insert({ id, timestamp, eventType: 'x.y' });
}

const ids = async (home: Home): Promise<string[]> =>
  (await home.query<{ event_id: string }>('select event_id from audit_events')).map(
    (row) => row.event_id,
  );

async function expectComplete(sandbox: Sandbox, home: Home): Promise<void> {
  expect((await ids(home)).toSorted()).toEqual(sandbox.tabnine.events.ids().toSorted());
}

test('a process that writes into the warehouse disturbs neither runs nor those who read next', async () => {
  const sandbox = await sandboxFor({ events: 200, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  const vandal = await vandalOf(join(home.folder, 'warehouse.duckdb'));
  await vandal.run('delete from internal.events');
  await vandal.run(`insert into runs (run_id) values ('scribble')`);
  expect((await ids(home)).length).toBe(200);

  addEvent(sandbox, 'one');
  const middle = Math.ceil(sandbox.tabnine.requests.length * 1.5);
  sandbox.tabnine.onRequest = async ({ index }) => {
    if (index === middle) await vandal.run('checkpoint');
  };
  await home.sync();
  sandbox.tabnine.onRequest = undefined;
  await expectComplete(sandbox, home);
  await vandal.run(`insert into runs (run_id) values ('again')`);
  await vandal.end();
  addEvent(sandbox, 'two');
  await home.sync();
  await expectComplete(sandbox, home);
  expect(await home.query(`select run_id from runs where run_id in ('scribble', 'again')`)).toEqual(
    [],
  );
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});

async function flipBytes(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  const { size } = await handle.stat();
  for (let at = 0; at < size; at += 4096) await handle.write(Buffer.from([0x5a]), 0, 1, at);
  await handle.close();
}

const DAMAGES = few<[name: string, damage: (file: string) => Promise<void>]>(2, [
  ['cut', (file) => truncate(file, 5000)],
  ['deleted', (file) => rm(file)],
  ['bytes flipped', flipBytes],
  ['empty', (file) => truncate(file, 0)],
]);

test('a damaged warehouse is built anew by the next run', async () => {
  const sandbox = await sandboxFor({ events: 100, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  for (const [name, damage] of DAMAGES) {
    await damage(await realpath(join(home.folder, 'warehouse.duckdb')));
    addEvent(sandbox, name);
    const ran = await home.run(['sync', 'tabnine/audit-logs', '--json']);
    expect({ name, ...ran }).toMatchObject({ name, code: 0 });
    expect(ran.stderr).toMatch(/warehouse is built anew/);
    await expectComplete(sandbox, home);
  }
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});

// load/generations.test.ts has it without the commands.
long('a rebuild gives the same rows, and they do not depend on the time zone', async () => {
  const sandbox = await sandboxFor({ events: 400, days: 3, users: 4, teams: 2 });
  const streams = ['audit-logs', 'users', 'teams', 'usage-organization', 'usage-user'];
  const home = await homeFor(sandbox, ['tabnine'], { streams });
  home.env['AUDITLAKE_START'] = daysAgo(4);
  await home.sync();
  const [user] = sandbox.tabnine.users;
  sandbox.tabnine.renameUser(user?.id ?? '', 'Another Name', Date.now());
  addEvent(sandbox, 'later');
  await home.sync();
  const tables = await home.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'main' order by 1`,
  );
  const names = tables.map(({ name }) => name).filter((name) => name !== 'meta');
  expect(names).toEqual(
    expect.arrayContaining(['audit_events', 'users', 'ledger', 'runs', 'entity_history']),
  );
  const all = names.map(
    (name) =>
      `select '${name}' as "table", count(*) as "rows", bit_xor(hash(to_json(t)::varchar))::varchar as digest, any_value(to_json(t)::varchar order by to_json(t)::varchar) as sample from ${name} t`,
  );
  const everything = `${all.join(' union all ')} order by 1`;
  const contents = async (env: Record<string, string> = {}): Promise<string> => {
    const { code, stdout, stderr } = await home.run(['query', everything, '--json'], env);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return stdout;
  };
  const before = await contents();
  expect(before.length).toBeGreaterThan(5_000);
  const berlin = { TZ: 'Europe/Berlin' };
  expect(await contents(berlin)).toBe(before);
  expect(await home.run(['rebuild'], berlin)).toMatchObject({ code: 0 });
  expect(await contents()).toBe(before);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
  const days = `select occurred_at::date::varchar as day, count(*) as n from audit_events group by 1 order by 1`;
  expect(await home.run(['query', days, '--csv'], berlin)).toEqual(
    await home.run(['query', days, '--csv']),
  );
  expect(await readFile(join(home.folder, 'warehouse', 'current.json'), 'utf8')).toContain('"seq"');
});

test('what is archived and not loaded is a cause in status, although all was read', async () => {
  const sandbox = await sandboxFor({ events: 20, days: 2 });
  const home = await homeFor(sandbox, ['tabnine']);
  await home.sync();
  await rm(join(home.folder, 'warehouse'), { recursive: true });
  await rm(join(home.folder, 'warehouse.duckdb'));
  const { stdout } = await home.run(['status']);
  expect(stdout).toContain('warehouse: not updated: the archive has records that are not loaded');
  expect(await home.run(['rebuild'])).toMatchObject({ code: 0 });
  expect((await home.run(['status'])).stdout).not.toContain('not loaded');
});
