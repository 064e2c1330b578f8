/** SQL of the user's reaches the warehouse and nothing else. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  const sql = 'select event_id, action from audit_events order by 1';
  const to = (name: string): string => join(home.folder, '..', name);
  for (const name of ['a.parquet', 'a.csv', 'a.ndjson']) {
    const ran = await home.run(['query', sql, '--to', to(name)]);
    expect({ name, ...ran }).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toContain('30 rows');
  }
  const rows = await home.query(sql);
  const lines = (await readFile(to('a.ndjson'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
  expect((await readFile(to('a.csv'), 'utf8')).split('\n')[0]).toBe('event_id,action');
  expect((await readFile(to('a.parquet'))).subarray(0, 4).toString()).toBe('PAR1');
  expect((await home.run(['query', sql, '--to', to('a.xlsx')])).code).toBe(2);
  expect((await home.run(['query', sql, '--to', to('no-such-folder/a.csv')])).code).toBe(2);
});
