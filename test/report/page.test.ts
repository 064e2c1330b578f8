/** The page of a home whose log is full of what must not come through. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { printable } from '../../src/platform/printable.ts';
import { SECTIONS } from '../../src/report/sections.ts';
import { type Home, homeFor, sandboxFor } from '../harness.ts';
import { COLUMNS, hostileAdmins } from './hostile-events.ts';
import { HOSTILE } from './hostile-values.ts';
import { attribute, type Element, parsePage, textOf, trespassesOf } from './parsed.ts';

const HOUR = 3_600_000;

async function pageOf(home: Home, ...args: string[]): Promise<string> {
  const { code, stderr } = await home.run(['report', ...args]);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return await readFile(join(dirname(home.folder), 'report.html'), 'utf8');
}

const named = (elements: readonly Element[], tag: string): Element[] =>
  elements.filter(({ tagName }) => tagName === tag);

test('a page of hostile values is well-formed, runs and loads nothing but its own, and shows them as text', async () => {
  const sandbox = await sandboxFor({ events: 60, days: 4, users: 3, teams: 1 });
  for (const event of hostileAdmins(sandbox.now())) sandbox.tabnine.events.insert(event);
  const home = await homeFor(sandbox);
  await home.sync();
  const { elements, errors } = parsePage(await pageOf(home));
  expect(errors).toEqual([]);
  expect(trespassesOf(elements)).toEqual([]);
  expect(named(elements, 'script')).toHaveLength(1);

  const cells = new Set(named(elements, 'td').map(textOf));
  const shown = HOSTILE.filter((_, i) => [0, 1, 2].includes(i % COLUMNS));
  const lost = shown.filter((value) => value !== '' && !cells.has(printable(asStored(value))));
  expect(lost.map((value) => printable(value, 40))).toEqual([]);

  await everyQueryRuns(home, elements);
});

/** No JSON in UTF-8 has half a character, and DuckDB's client takes a mark of byte order for one. */
function asStored(value: string): string {
  return Buffer.from(value)
    .toString('utf8')
    .replace(/^\ufeff/, '');
}

/** What a table is cut at, a query shows. */
async function everyQueryRuns(home: Home, elements: readonly Element[]): Promise<void> {
  const texts = elements.filter((one) => attribute(one, 'class') === 'query').map(textOf);
  const queries = texts.map((text) => /^auditlake query "(.*)"$/.exec(text)?.[1] ?? '');
  expect(queries.length).toBeGreaterThan(0);
  for (const query of queries) expect((await home.run(['query', query, '--csv'])).code).toBe(0);
}

/** What the sections are about, in little. */
const STREAMS = ['audit-logs', 'users', 'teams', 'permissions', 'license', 'usage-user'];

test('each section is there, named, linked, and speaks of several vendors', async () => {
  const small = { users: 4, teams: 2, organizations: 1 };
  const devin = { ...small, events: 40, days: 3, sessions: 3 };
  const sandbox = await sandboxFor({ ...small, events: 60, days: 3, devin });
  const home = await homeFor(sandbox, ['tabnine', 'devin']);
  home.env['AUDITLAKE_START'] = new Date(sandbox.now() - 72 * HOUR).toISOString().slice(0, 10);
  const streams = [...STREAMS.map((name) => `tabnine/${name}`), 'devin/audit-logs', 'devin/users'];
  expect((await home.run(['sync', ...streams])).code).toBe(0);
  const { elements, errors } = parsePage(await pageOf(home));
  expect(errors).toEqual([]);
  expect(trespassesOf(elements)).toEqual([]);

  const ids = elements.flatMap((one) => attribute(one, 'id') ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  const sections = named(elements, 'section').map((one) => attribute(one, 'id'));
  expect(sections).toEqual(SECTIONS.map(({ id }) => id));
  const links = named(elements, 'a').map((one) => attribute(one, 'href')?.slice(1));
  expect(links).toEqual(expect.arrayContaining(sections));
  expect(named(elements, 'h1')).toHaveLength(1);
  expect(
    named(elements, 'table').every(
      (one) => named(one.childNodes as Element[], 'caption').length === 1,
    ),
  ).toBe(true);
  const drawings = named(elements, 'svg').filter((one) => attribute(one, 'role') === 'img');
  expect(drawings.length).toBeGreaterThan(5);
  expect(drawings.filter((one) => (attribute(one, 'aria-label') ?? '') === '')).toEqual([]);
  expect(JSON.stringify(drawings.map(({ attrs }) => attrs))).not.toContain('NaN');

  await scopesNarrow(home, eventsOf(elements));
});

/** The first figure of the verdict. */
function eventsOf(elements: readonly Element[]): number {
  const [tile] = named(elements, 'dd').map(textOf);
  return Number.parseInt((tile ?? '').replaceAll(',', ''), 10);
}

/** A person, a team and a vendor each leave out what is not theirs; a name that nobody has is refused. */
async function scopesNarrow(home: Home, all: number): Promise<void> {
  const events = async (...args: string[]): Promise<number> =>
    eventsOf(parsePage(await pageOf(home, ...args)).elements);
  const [person] = await home.query<{ email: string; team: string }>(
    'select lower(email) as email, team_name as team from users where team_name is not null order by 1 limit 1',
  );
  const [one, team, vendor] = [
    await events('--person', person?.email ?? ''),
    await events('--team', person?.team ?? ''),
    await events('--vendor', 'devin'),
  ];
  const [expected] = await home.query<{ n: number }>(
    `select count(distinct event_uid) as n from timeline('${person?.email}')`,
  );
  expect(one).toBe(expected?.n);
  for (const part of [one, team, vendor]) expect(part).toBeLessThan(all);
  expect(team).toBeGreaterThan(0);
  for (const [option, name] of [
    ['--person', 'nobody@acme.test'],
    ['--team', 'Nobody'],
    ['--vendor', 'nobody'],
  ]) {
    const { code, stderr } = await home.run(['report', option ?? '', name ?? '']);
    expect(code).toBe(2);
    expect(stderr).toContain(`${option} ${name}`);
  }
}

test('what cannot be meant is refused', async () => {
  const home = await homeFor(await sandboxFor({ events: 20, days: 2 }));
  expect((await home.run(['report'])).code).toBe(2);
  await home.sync();
  for (const args of [
    ['--output', join(home.folder, 'report.html')],
    ['--evidence', join(home.folder, 'archive')],
    ['--output', 'a.html', '--evidence', 'b'],
    ['--serve', '--evidence', 'b'],
    ['--port', '1'],
    ['--from', '2026-11-02', '--to', '2026-11-01'],
    ['--from', 'yesterday'],
  ]) {
    const { code } = await home.run(['report', ...args]);
    expect({ args, code }).toEqual({ args, code: 2 });
  }
});
