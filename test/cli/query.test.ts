/** SQL of the user's reaches the warehouse and nothing else. */
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { homeFor, sandboxFor } from '../harness.ts';
import { filesBelow } from './archived.ts';

test('a query can reach no other file and no environment, and says what is wrong with it', async () => {
  const sandbox = await sandboxFor({ events: 30, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  const secret = join(home.folder, '..', 'secret.csv');
  const stolen = join(home.folder, '..', 'stolen.csv');
  await writeFile(secret, 'a\nhidden-content\n');
  const before = await filesBelow(join(home.folder, '..'));
  const refused = [
    `select * from read_csv('${secret}')`,
    `select * from '${secret}'`,
    `select content from read_text('${secret}')`,
    `select * from glob('/etc/*')`,
    `copy (select 1) to '${stolen}'`,
    `attach '${stolen}' as x`,
    `install httpfs`,
    `set enable_external_access = true`,
    `select getenv('MARKER')`,
    `delete from internal.events`,
    `create table t (i int)`,
    `select 1; select 2`,
    `pragma database_list`,
    `selec 1`,
    `select nothing from audit_events`,
    ``,
  ];
  const rans = await Promise.all(
    refused.map((sql) =>
      // The environment that DuckDB would see is that of a process.
      home.run(['query', sql], { MARKER: 'env-content' }, { process: sql.includes('getenv') }),
    ),
  );
  for (const [i, { code, stdout, stderr }] of rans.entries()) {
    const sql = refused[i];
    expect({ sql, code }).toEqual({ sql, code: 2 });
    expect(stderr).toMatch(/what to do: /);
    expect(stdout + stderr).not.toMatch(/hidden-content|env-content|\n\s+at /);
  }
  expect(await filesBelow(join(home.folder, '..'))).toEqual(before);
  expect(await home.query('select count(*) as n from audit_events')).toEqual([{ n: 30 }]);
});

test('answers go to a file of each format, and to no other', async () => {
  const sandbox = await sandboxFor({ events: 30, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  const sql = `select event_id, occurred_at, occurred_at::timestamp as plain, details, '=1' as formula, null as nothing
    from audit_events order by 1`;
  const to = (name: string): string => join(home.folder, '..', name);
  for (const name of ['a.parquet', 'a.csv', 'a.ndjson']) {
    const ran = await home.run(['query', sql, '--to', to(name)]);
    expect({ name, ...ran }).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toContain('30 rows');
  }
  expect((await readFile(to('a.parquet'))).subarray(0, 4).toString()).toBe('PAR1');

  // The screen and the file have the same content.
  const rows = await home.query<{ details: unknown; plain: string; occurred_at: string }>(sql);
  const lines = (await readFile(to('a.ndjson'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
  expect(rows.every(({ details }) => details === null || typeof details === 'object')).toBe(true);
  expect(rows.every(({ plain, occurred_at }) => `${plain}Z` === occurred_at)).toBe(true);
  const csv = await home.run(['query', sql, '--csv']);
  expect(await readFile(to('a.csv'), 'utf8')).toBe(csv.stdout);
  expect(csv.stdout).toMatch(/^event_id,occurred_at,plain,details,formula,nothing\n.*,'=1,\n/);

  for (const name of ['a.xlsx', 'no-such-folder/a.csv']) {
    expect((await home.run(['query', sql, '--to', to(name)])).code).toBe(2);
  }
});

test('a query cannot replace a file of the home that it reads', async () => {
  const sandbox = await sandboxFor({ events: 5, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  const [segment = ''] = (await filesBelow(home.folder)).filter((file) => file.includes('ledger/'));
  await symlink(home.folder, join(home.folder, '..', 'alias'));
  const before = await filesBelow(home.folder);
  for (const target of [
    join(home.folder, segment),
    join(home.folder, 'new.csv'),
    join(home.folder, '..', 'alias', 'archive', 'x.parquet'),
  ]) {
    const ran = await home.run(['query', 'select 1 as x', '--to', target]);
    expect({ target, ...ran }).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('is inside the home');
  }
  expect(await filesBelow(home.folder)).toEqual(before);
  expect((await home.run(['verify'])).code).toBe(0);
});

test('SQL comes as a text, from a file or from standard input, with parameters', async () => {
  const sandbox = await sandboxFor({ events: 12, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  const sql = '-- How many events?\nselect count(*)::integer as n, $word as word from audit_events';
  await writeFile(join(home.folder, '..', 'count.sql'), sql);
  const wanted = '[{"n":12,"word":"it\'s"}]';
  const rest = ['--param', "word=it's", '--json'];
  const asked = {
    text: () => home.run(['query', sql, ...rest]),
    file: () => home.run(['query', '--file', 'count.sql', ...rest]),
    'standard input': () => home.run(['query', ...rest], {}, { stdin: Readable.from([sql]) }),
    'standard input, named': () =>
      home.run(['query', '--file', '-', ...rest], {}, { stdin: Readable.from([sql]) }),
  };
  for (const [how, ask] of Object.entries(asked)) {
    const { code, stdout } = await ask();
    expect({ how, code, rows: stdout.replaceAll('\n', '') }).toEqual({
      how,
      code: 0,
      rows: wanted,
    });
  }
  for (const wrong of [
    ['query', sql, '--file', 'count.sql'],
    ['query', '--file', 'nothing.sql'],
    ['query', sql],
    ['query', sql, '--param', 'word'],
    ['query', 'select 1', '--csv', '--json'],
    ['query', 'select 1', '--csv', '--to', 'x.csv'],
    ['query', 'select 1', '--vertical', '--csv'],
    ['query', 'select 1', '--timezone', 'Nowhere/City'],
  ]) {
    const { code, stderr } = await home.run(wrong);
    expect({ wrong, code }).toEqual({ wrong, code: 2 });
    expect(stderr).not.toMatch(/\n\s+at /);
  }
});

test('a pipe gets every row and value whole; a terminal what fits, and is told so', async () => {
  const sandbox = await sandboxFor({ events: 5, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  const long = `select range as n, repeat('x', 300) as long, repeat('y', 90) as other from range(2500)`;
  const piped = await home.run(['query', long]);
  const lines = piped.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(2501);
  expect(lines[1]).toBe(`0    ${'x'.repeat(300)}  ${'y'.repeat(90)}`);
  expect(lines.at(-1)).toMatch(/^2499 +x{300} {2}y{90}$/);
  expect(piped.stderr).toBe('');

  const screen = await home.run(['query', long], {}, { terminal: 80 });
  const shown = screen.stdout.trimEnd().split('\n');
  expect(shown).toHaveLength(1001);
  expect(shown.every((line) => Array.from(line).length <= 80)).toBe(true);
  expect(screen.stderr).toContain('only the first 1000 rows are shown');
  expect(screen.stderr).toContain('cut to fit');

  const many = `select ${Array.from({ length: 30 }, (_, i) => `'value number ${i}' as c${i}`).join(', ')}`;
  const vertical = await home.run(['query', many], {}, { terminal: 80 });
  expect(vertical.stdout).toMatch(/^-- row 1\nc0 {3}value number 0\nc1 {3}value number 1\n/);
  const asked = await home.run(['query', 'select 1 as a, null as b', '--vertical']);
  expect(asked.stdout).toBe('-- row 1\na  1\nb\n');
});

test('instants are printed as the clocks of a zone show them; a query ends when it is stopped', async () => {
  const sandbox = await sandboxFor({ events: 5, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  const sql = `select timestamptz '2026-07-01 12:00:00Z' as at`;
  const ran = await home.run(['query', sql, '--timezone', 'Asia/Kolkata', '--json']);
  expect(JSON.parse(ran.stdout)).toEqual([{ at: '2026-07-01T17:30:00.000+05:30' }]);

  // What takes for ever ends when somebody stops it.
  const endless = home.begin([
    'query',
    'select count(*) from range(1000000000000) where range % 7 = 3',
  ]);
  endless.stop();
  const stopped = await endless.done;
  expect([stopped.code, stopped.stdout]).toEqual([3, '']);
  expect(stopped.stderr).toContain('stopped on request');
});
