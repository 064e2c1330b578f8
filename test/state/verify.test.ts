/** Every alteration of archive or warehouse is found, and a run does not write on a broken ledger. */
import { appendFile, cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Home, homeFor, runHere } from '../harness.ts';
import { type Sandbox, startSandbox } from '../sandbox/start.ts';
import { filesBelow } from '../cli/archived.ts';
import { few } from '../long.ts';

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

type Alteration = [what: string, alter: (place: Place) => Promise<void>];

/** Of what the archive alone shows, faults/tampering.test.ts has all kinds. */
const ALTERATIONS = few<Alteration>(2, [
  ['a changed row', ({ warehouse }) => write(warehouse, FORGERY)],
  [
    'a view that hides rows',
    ({ warehouse }) =>
      write(
        warehouse,
        'create or replace view credential_events as from internal.events where false',
      ),
  ],
  ['a stray file', ({ archive }) => writeFile(join(archive, 'tabnine', 'notes.txt'), 'x')],
  [
    'a flipped byte in a batch',
    async ({ batch }) => {
      const bytes = await readFile(batch);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await writeFile(batch, bytes);
    },
  ],
  ['a removed batch', ({ batch }) => rm(batch)],
  [
    'a stray file next to the ledger',
    ({ archive }) => writeFile(join(archive, 'ledger', 'notes.txt'), 'x'),
  ],
]);

/** After these no run writes either. */
const BROKEN_LEDGERS = few<Alteration>(1, [
  ['a removed ledger line', (place) => editLedger(place, (lines) => lines.toSpliced(2, 1))],
  [
    'an edited ledger line',
    (place) =>
      editLedger(place, (lines) =>
        lines.map((line) => line.replace('"new_records":200', '"new_records":199')),
      ),
  ],
  [
    'two exchanged ledger lines',
    (place) => editLedger(place, ([open = '', a = '', b = '', ...rest]) => [open, b, a, ...rest]),
  ],
]);

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
  for (const [name, alter] of [...ALTERATIONS, ...BROKEN_LEDGERS]) {
    const copy = join(home.folder, '..', name.replaceAll(' ', '-'));
    await cp(home.folder, copy, { recursive: true, verbatimSymlinks: true });
    await alter(await placeOf(copy));
    const verified = await home.run(['verify', '--json', '--home', copy]);
    expect({ name, code: verified.code }).toEqual({ name, code: 5 });
    expect(JSON.parse(verified.stdout)).toMatchObject({ version: 1, outcome: 'failed' });
    if (!BROKEN_LEDGERS.some(([broken]) => broken === name)) continue;
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

test('a torn end of the ledger, and a batch that was written but not committed, are set aside and recorded', async () => {
  const { home, place } = await filled();
  const lines = (await readFile(place.ledger, 'utf8')).trimEnd().split('\n');
  const { seq } = JSON.parse(lines.at(-1) ?? '') as { seq: number };
  const batch = `${String(seq + 1).padStart(12, '0')}.ndjson.gz`;
  await writeFile(join(place.batch, '..', batch), 'half a batch');
  const torn = '{"format":1,"seq":99,"ki';
  await appendFile(place.ledger, torn);
  expect((await home.run(['verify'])).code).toBe(3);
  await home.sync();
  const kept = await filesBelow(join(home.folder, 'set-aside'));
  expect(kept).toHaveLength(2);
  expect(kept).toContainEqual(expect.stringContaining(batch));
  const [end = ''] = kept.filter((file) => !file.includes(batch));
  expect(await readFile(join(home.folder, 'set-aside', end), 'utf8')).toBe(torn);
  const recorded = (await readFile(place.ledger, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { recovered?: unknown[] })
    .flatMap((line) => line.recovered ?? []);
  expect(recorded).toHaveLength(2);
  expect(recorded).toContainEqual(
    expect.objectContaining({ kept_as: `set-aside/${end}`, bytes: torn.length }),
  );
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});
