/** Every alteration of archive or warehouse is found, and a run does not write on a broken ledger. */
import { appendFile, cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Home, homeFor, runHere } from '../harness.ts';
import { type Sandbox, startSandbox } from '../sandbox/start.ts';
import { filesBelow } from '../cli/archived.ts';

type Place = { archive: string; ledger: string; batch: string; warehouse: string };

async function editLedger(place: Place, edit: (lines: string[]) => string[]): Promise<void> {
  const lines = (await readFile(place.ledger, 'utf8')).trimEnd().split('\n');
  await writeFile(place.ledger, `${edit(lines).join('\n')}\n`);
}

const FORGERY = `update internal.events set action = 'nothing.happened' where n = (select min(n) from internal.events)`;

async function write(warehouse: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(warehouse);
  const connection = await instance.connect();
  await connection.run(sql);
  await connection.run('checkpoint');
  connection.closeSync();
  instance.closeSync();
}

const ALTERATIONS: Record<string, { alter: (place: Place) => Promise<void>; stopsSync: boolean }> =
  {
    'a changed row': {
      stopsSync: false,
      alter: ({ warehouse }) => write(warehouse, FORGERY),
    },
    'a view that hides rows': {
      stopsSync: false,
      alter: ({ warehouse }) =>
        write(
          warehouse,
          'create or replace view credential_events as from internal.events where false',
        ),
    },
    'a flipped byte in a batch': {
      stopsSync: false,
      async alter({ batch }) {
        const bytes = await readFile(batch);
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        await writeFile(batch, bytes);
      },
    },
    'a removed batch': { stopsSync: false, alter: ({ batch }) => rm(batch) },
    'a stray file': {
      stopsSync: false,
      alter: ({ archive }) => writeFile(join(archive, 'tabnine', 'notes.txt'), 'x'),
    },
    'a stray file beside the ledger': {
      stopsSync: false,
      alter: ({ archive }) => writeFile(join(archive, 'ledger', 'notes.txt'), 'x'),
    },
    'an edited ledger line': {
      stopsSync: true,
      alter: (place) =>
        editLedger(place, (lines) =>
          lines.map((line) => line.replace('"new_records":200', '"new_records":199')),
        ),
    },
    'a removed ledger line': {
      stopsSync: true,
      alter: (place) => editLedger(place, (lines) => lines.toSpliced(2, 1)),
    },
    'two exchanged ledger lines': {
      stopsSync: true,
      alter: (place) =>
        editLedger(place, ([open = '', a = '', b = '', ...rest]) => [open, b, a, ...rest]),
    },
  };

let sandbox: Sandbox;
/** A home of one run, which each test has a copy of. */
let original: string;

beforeAll(async () => {
  sandbox = await startSandbox({ events: 200, days: 2, users: 12, teams: 3 });
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-verify-'));
  original = join(folder, 'home');
  const streams = ['audit-logs', 'teams', 'users'].map((stream) => `tabnine/${stream}`);
  const { code, stderr } = await runHere(['sync', ...streams], {
    cwd: folder,
    env: {
      AUDITLAKE_HOME: original,
      AUDITLAKE_SETTLE: '0s',
      TABNINE_BASE_URL: sandbox.url,
      TABNINE_TOKEN: sandbox.token,
    },
  });
  if (code !== 0) throw new Error(`sync ended with ${code}: ${stderr}`);
});

afterAll(async () => {
  await sandbox.close();
  await rm(join(original, '..'), { recursive: true });
});

async function filled(): Promise<{ home: Home; place: Place }> {
  const home = await homeFor(sandbox, ['tabnine'], { streams: ['audit-logs', 'teams', 'users'] });
  await cp(original, home.folder, { recursive: true, verbatimSymlinks: true });
  return { home, place: await placeOf(home.folder) };
}

async function placeOf(folder: string): Promise<Place> {
  const archive = join(folder, 'archive');
  const files = await filesBelow(archive);
  const find = (part: string): string =>
    join(archive, files.find((file) => file.includes(part)) ?? '?');
  const warehouse = await realpath(join(folder, 'warehouse.duckdb'));
  return { archive, ledger: find('ledger/'), batch: find('audit-logs/'), warehouse };
}

test('verify finds every alteration, and no run goes on where the ledger is broken', async () => {
  const { home } = await filled();
  expect(await home.run(['verify', '--json'])).toMatchObject({ code: 0 });
  for (const [name, { alter, stopsSync }] of Object.entries(ALTERATIONS)) {
    const copy = join(home.folder, '..', name.replaceAll(' ', '-'));
    await cp(home.folder, copy, { recursive: true, verbatimSymlinks: true });
    await alter(await placeOf(copy));
    const verified = await home.run(['verify', '--json', '--home', copy]);
    expect({ name, code: verified.code }).toEqual({ name, code: 5 });
    expect(JSON.parse(verified.stdout)).toMatchObject({ version: 1, outcome: 'failed' });
    if (!stopsSync) continue;
    const before = await contentsBelow(copy);
    const synced = await home.run(['sync', '--json', '--home', copy]);
    expect({ name, code: synced.code }).toEqual({ name, code: 5 });
    expect(JSON.parse(synced.stdout)).toMatchObject({ error: { code: 'integrity' } });
    expect(await contentsBelow(copy)).toEqual(before);
  }
});

test('verify names the row that was changed', async () => {
  const { home, place } = await filled();
  await write(place.warehouse, FORGERY);
  const { stdout } = await home.run(['verify', '--json']);
  const found = JSON.parse(stdout) as { warehouse: object; differences: { rows: object[] }[] };
  expect(found.warehouse).toMatchObject({ state: 'different' });
  expect(found.differences).toMatchObject([
    { table: 'events', stream: null, only_in_warehouse: 1, only_in_archive: 1 },
  ]);
  const [row] = found.differences[0]?.rows ?? [];
  expect(Object.keys(row ?? {})).toEqual(['only_in', 'seq', 'n', 'event_uid']);
  const screen = await home.run(['verify']);
  expect(screen).toMatchObject({ code: 5 });
  expect(screen.stdout).toContain(JSON.stringify(row));
});

async function contentsBelow(folder: string): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const file of await filesBelow(folder)) {
    contents[file] = (await readFile(join(folder, file))).toString('base64');
  }
  return contents;
}

test('a torn end of the ledger is set aside and recorded', async () => {
  const { home, place } = await filled();
  const torn = '{"format":1,"seq":99,"ki';
  await appendFile(place.ledger, torn);
  expect((await home.run(['verify'])).code).toBe(3);
  await home.sync();
  const kept = await filesBelow(join(home.folder, 'set-aside'));
  expect(kept).toHaveLength(1);
  expect(await readFile(join(home.folder, 'set-aside', kept[0] ?? ''), 'utf8')).toBe(torn);
  const recorded = (await readFile(place.ledger, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { recovered?: unknown[] })
    .flatMap((line) => line.recovered ?? []);
  expect(recorded).toEqual([
    expect.objectContaining({ kept_as: `set-aside/${kept[0] ?? ''}`, bytes: torn.length }),
  ]);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});

test('a batch that was written but not committed is set aside and recorded', async () => {
  const { home, place } = await filled();
  const lines = (await readFile(place.ledger, 'utf8')).trimEnd().split('\n');
  const { seq } = JSON.parse(lines.at(-1) ?? '') as { seq: number };
  const name = `${String(seq + 1).padStart(12, '0')}.ndjson.gz`;
  await writeFile(join(place.batch, '..', name), 'half a batch');
  expect((await home.run(['verify'])).code).toBe(3);
  await home.sync();
  const kept = await filesBelow(join(home.folder, 'set-aside'));
  expect(kept).toEqual([expect.stringContaining(name)]);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});
