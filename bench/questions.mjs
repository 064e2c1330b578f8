/**
 * How long each question takes on a million events of six vendors: node bench/questions.mjs [EVENTS]
 *
 * The home of the demonstration is read once; its events are then there as often as it takes, spread over a year. Exit code 1 if a
 * question takes longer than its limit.
 */
import { copyFile, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ready } from '../scripts/ready.mjs';
import { homeIn, makeFolder, verb } from './children.mjs';
import { count } from './show.mjs';

const LIMIT_MS = 2_000;
const YEAR_MINUTES = 365 * 24 * 60;
const events = Number(process.argv[2] ?? 1_000_000);

ready();
const { openQuery } = await import('../dist/load/query/query.js');
const { valuesOf } = await import('../dist/questions/ask.js');
const { findQuestions } = await import('../dist/questions/files.js');

const folder = makeFolder();
process.stderr.write('bench: reading the demonstration\n');
await verb(['demo', '--home', homeIn(folder)], { folder, limitMs: 900_000 });
const file = join(folder, 'many', 'warehouse', 'many.duckdb');
await mkdir(join(folder, 'many', 'warehouse'), { recursive: true });
await copyFile(await realpath(join(homeIn(folder), 'warehouse.duckdb')), file);
process.stderr.write(`bench: making ${count(events)} events of it\n`);
const address = await multiply(file, events);

/** What questions take that cannot be left out. */
const GIVEN = {
  'access-of': [address.person],
  'accounts-of': [address.person],
  event: [address.uid],
  events: ['login'],
  'from-address': [address.ip],
  person: [address.person],
};

const session = await openQuery({ file });
const slow = [];
for (const question of findQuestions(null).found) {
  const { ms, cpu, rows } = await measure(question);
  // Whoever else is at work takes time, but no CPU of this process: on a quiet machine neither is more than the smaller one.
  const isSlow = Math.min(ms, cpu) > LIMIT_MS;
  if (isSlow) slow.push(question.name);
  const figures = [`${Math.round(ms)} ms`, `${Math.round(cpu)} ms of CPU`, `${count(rows)} rows`];
  const cells = figures.map((text) => text.padStart(18)).join('');
  process.stdout.write(`${question.name.padEnd(26)}${cells}${isSlow ? '  SLOW' : ''}\n`);
}
await session.close();
process.exitCode = slow.length === 0 ? 0 : 1;

async function measure({ name, sql, parameters }) {
  const values = valuesOf({ name, parameters }, GIVEN[name] ?? [], Date.now());
  const [time, used] = [performance.now(), process.cpuUsage()];
  const { chunks } = await session.run(sql, { parameters: values });
  let rows = 0;
  for await (const chunk of chunks) rows += chunk.length;
  const { user, system } = process.cpuUsage(used);
  return { ms: performance.now() - time, cpu: (user + system) / 1000, rows };
}

/** @returns somebody, an address and an event that there are */
async function multiply(path, wanted) {
  const instance = await DuckDBInstance.create(path, { memory_limit: '2GB' });
  const connection = await instance.connect();
  const [[there]] = (
    await connection.runAndReadAll('select count(*) from internal.events')
  ).getRows();
  const times = Math.ceil(wanted / Number(there));
  await connection.run(`
    insert into internal.events
    select e.* replace (e.event_uid || '-' || k as event_uid, e.occurred_at - k * interval ${Math.ceil(YEAR_MINUTES / times)} minutes as occurred_at)
    from internal.events e, range(1, ${times}) t(k)`);
  await connection.run('checkpoint');
  const found = await connection.runAndReadAll(`
    select actor_email, ip_address, event_uid from main.audit_events
    where actor_email is not null and ip_address is not null order by occurred_at desc limit 1`);
  const [[person, ip, uid]] = found.getRows();
  connection.closeSync();
  instance.closeSync();
  return { person, ip, uid };
}
