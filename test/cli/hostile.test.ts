/** Event values come from whoever could cause an event. None of them may be lost, altered or obeyed. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { archivedRecords } from './archived.ts';
import { type Home, homeFor, sandboxFor } from '../harness.ts';
import { COLUMNS, hostileAdmins } from '../report/hostile-events.ts';
import { HOSTILE } from '../report/hostile-values.ts';

const at = (i: number): number => Math.floor((Date.now() - 3_600_000) / 1000) * 1000 + i * 1000;

/** An event's text with fields added as they stand. */
function event(id: string, i: number, more: string): [string, number, string] {
  const time = new Date(at(i)).toISOString();
  return [id, at(i), `{"id":"${id}","timestamp":"${time}","eventType":"x.y",${more}}`];
}

const META = (text: string): string => `"metadata":{"v":${JSON.stringify(text)}}`;

const EVENTS: readonly [string, number, string][] = [
  event('quotes', 1, META(`'"\`\\'' "" $$ {} [] ,;`)),
  event('sql', 2, `"actor":{"id":"'; drop table events; --","displayName":"\\"); attach 'x'; --"}`),
  event('html', 3, META('<script>alert(1)</script>&amp;<!--')),
  event('newlines', 4, `"actor":{"id":"u","displayName":"a\\nb\\r\\nc\\u2028d\\u0085e"}`),
  event('formula', 5, `"actor":{"id":"u","displayName":"=cmd|' /C calc'!A0"}`),
  event('bidi', 6, `"actor":{"id":"u","displayName":"\u202egnp.exe\u2066\u200f"}`),
  event('escape', 7, `"actor":{"id":"u","displayName":"\\u001b[2J\\u0007\\u009b31m"}`),
  event('long', 8, META('m'.repeat(1 << 20))),
  event(
    'numbers',
    9,
    `"metadata":{"n":9007199254740993,"b":123456789012345678901234567890,"f":1.10,"e":1E400,"z":-0}`,
  ),
  event('surrogate', 10, `"metadata":{"v":"\\ud800 alone"}`),
  event('unknown', 11, `"zzz":{"":{" ":[[],{}]}},"__proto__":{"x":1},"constructor":null`),
  event('nulls', 12, `"actor":null,"resource":null,"metadata":null,"request":null`),
  event(
    'nul',
    13,
    `"actor":{"id":"u\\u0000x","displayName":"\\u0000"},"metadata":{"v":"a\\u0000b"}`,
  ),
  event('deep', 14, `"metadata":${'['.repeat(400)}1${']'.repeat(400)}`),
  event('types', 15, `"actor":"a string","resource":[1,2],"request":7`),
  event('twice', 16, `"metadata":{"v":1,"v":2}`),
  event('space', 17, ` "metadata" : { "v" :\t1 } `),
  event('emoji', 18, META('👩‍👩‍👧 e\u0301 \ufeff \uffff')),
];

const UNMAPPABLE: readonly [number, string][] = [
  [at(30), '"not an object"'],
  [at(31), '[1,2,3]'],
  [at(32), '42'],
];

async function homeOfHostileEvents(): Promise<Home> {
  const sandbox = await sandboxFor({ events: 20, days: 2 });
  for (const [, time, json] of EVENTS) sandbox.tabnine.events.insert({ time, json });
  for (const [time, json] of UNMAPPABLE) sandbox.tabnine.events.insert({ time, json });
  return await homeFor(sandbox);
}

test('hostile values are archived exactly, loaded digit for digit, and shown harmlessly', async () => {
  const home = await homeOfHostileEvents();
  await home.sync();

  const archived = await archivedRecords(home.folder, 'audit-logs');
  const texts = archived.map(({ bytes }) => bytes.toString('utf8'));
  for (const [id, , json] of EVENTS) expect(texts.includes(json), `archived: ${id}`).toBe(true);
  for (const [, json] of UNMAPPABLE) expect(texts).toContain(json);

  const ids = EVENTS.map(([id]) => `'${id}'`).join(', ');
  const rows = await home.query<{ event_id: string; raw: string; raw_altered: boolean }>(
    `select event_id, raw::varchar as raw, raw_altered from audit_events where event_id in (${ids})`,
  );
  expect(rows.map((row) => row.event_id).toSorted()).toEqual(EVENTS.map(([id]) => id).toSorted());
  for (const [id, , json] of EVENTS) {
    const row = rows.find(({ event_id }) => event_id === id);
    expect(row?.raw_altered, `raw_altered: ${id}`).toBe(id === 'surrogate');
    if (id !== 'surrogate')
      expect(row?.raw === json, `raw: ${id}: ${row?.raw.slice(0, 300)}`).toBe(true);
  }
  const [counted] = await home.query<{ n: number }>(
    `select count(raw->>'id') as n from audit_events`,
  );
  expect(counted?.n).toBe(20 + EVENTS.length);
  const anomalies = await home.query<{ n: number }>(
    `select count(*) as n from anomalies where kind = 'unmappable'`,
  );
  expect(anomalies).toEqual([{ n: UNMAPPABLE.length }]);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });

  // Nothing of what is shown moves a cursor, turns the reading direction or breaks a line.
  const sql = `select event_id, actor_id, actor_name, details from audit_events where action = 'x.y'`;
  const screen = await home.run(['query', sql]);
  expect(screen.code).toBe(0);
  expect(screen.stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(screen.stdout.trimEnd().split('\n')).toHaveLength(EVENTS.length + 1);

  const csv = await home.run([
    'query',
    `select actor_name from audit_events where event_id = 'formula'`,
    '--csv',
  ]);
  expect(csv.stdout).toBe(`actor_name\n'=cmd|' /C calc'!A0\n`);
  const controls = await home.run([
    'query',
    `select actor_name from audit_events where event_id = 'escape'`,
    '--csv',
  ]);
  expect(controls.stdout).toBe('actor_name\n\\u{1b}[2J\\u{7}\\u{9b}31m\n');
});

/** The cells of a CSV file, by RFC 4180. */
function cellsOf(csv: string): string[][] {
  const cells = csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\n)/g);
  const rows: string[][] = [[]];
  for (const [, quoted, bare, end] of cells) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test(`${HOSTILE.length} hostile values steer neither a terminal, nor a shell, nor a spreadsheet`, async () => {
  const sandbox = await sandboxFor({ events: 0 });
  const events = hostileAdmins(sandbox.now());
  for (const one of events) sandbox.tabnine.events.insert(one);
  const home = await homeFor(sandbox);
  await home.sync();
  const sql = `select actor_name, target_id, target_name, ip_address, user_agent, event_id, raw->>'metadata' as metadata
    from audit_events order by occurred_at desc`;

  const csv = await home.run(['query', sql, '--csv']);
  expect(csv).toMatchObject({ code: 0 });
  expect(csv.stdout).not.toMatch(/(?![\t\r\n])\p{Cc}/u);
  const [head, ...rows] = cellsOf(csv.stdout);
  expect(rows).toHaveLength(events.length);
  for (const cells of rows) {
    expect(cells).toHaveLength(head?.length ?? 0);
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
  }
  // Nothing of a name is lost but what is shown otherwise.
  const names = HOSTILE.filter((_, i) => i % COLUMNS === 0);
  const plain = names.filter((name) => /^(?![=+\-@＝＋－＠])\P{C}*$/u.test(name));
  expect(plain.length).toBeGreaterThan(30);
  expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(plain));

  const shows = async (...args: string[]): Promise<string> => {
    const { code, stdout } = await home.run(args, {}, { terminal: 200 });
    expect(code).toBe(0);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    return stdout;
  };
  const table = await shows('query', sql);
  expect(table.trimEnd().split('\n')).toHaveLength(events.length + 1);
  await shows('query', '--vertical', sql);
  // The shell moves the cursor itself while somebody types, and shows the same rows.
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(`${sql};\n.quit\n`);
  expect((await home.run(['query'], {}, { stdin, terminal: 200 })).stdout).toContain(table);
});
