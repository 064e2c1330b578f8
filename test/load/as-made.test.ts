/** A view or a macro that never ends, put into a generation, stops nobody: no SQL of ours runs with it. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forgeNote } from './forged-note.ts';
import { markOf } from '../../src/load/warehouse/mark.ts';
import { type Home, homeFor } from '../harness.ts';
import { few, isLong } from '../long.ts';
import { eventAt, eventIds, MINUTE, stillSandbox } from '../sync/support.ts';
import { writeInto } from '../warehouse-file.ts';

const COUNTING = `with recursive n as (select 1 as i union all select i + 1 from n) select max(i) from n`;

/** Views of views: planning the last of them takes 2^40 steps, and DuckDB does not interrupt it. */
const DOUBLED = [
  'create view main.v0 as select 1 as a',
  ...Array.from({ length: 40 }, (_, i) => `create view main.v${i + 1} as select 1 as a`),
  'create or replace view internal.names_to_hold as from main.v40',
  ...Array.from({ length: 40 }, (_, i) => {
    const former = `main.v${39 - i}`;
    return `create or replace view main.v${40 - i} as from ${former} union all from ${former}`;
  }),
];

const IN_PLACE_OF_A_TABLE = [
  'drop table internal.meta',
  `create view internal.meta as ${COUNTING}`,
];

// load/differences.test.ts has definitions of every kind.
const ENDLESS = few<[what: string, sql: string[]]>(2, [
  ['that takes long to be planned', DOUBLED],
  ['in the place of a table', IN_PLACE_OF_A_TABLE],
  ['of our view', [`create or replace view main.audit_events as ${COUNTING}`]],
  ['of a function that DuckDB has', [`create macro main.count(x) as (${COUNTING})`]],
  [
    'of a column',
    [
      'drop table internal.meta',
      `create table internal.meta (transform_version varchar, seq bigint as (len(range(1000000000000))))`,
    ],
  ],
]);

/** Puts definitions into what is published, and makes the note about it right. */
async function forge(home: Home, sql: readonly string[], more: object = {}): Promise<void> {
  const path = await realpath(join(home.folder, 'warehouse.duckdb'));
  await writeInto(path, ...sql);
  const mark = await markOf(path);
  await forgeNote(home.folder, (note) => ({ ...note, ...mark, ...more }));
}

test('what is defined without end is found and not run, and the next run does without it', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 5 });
  const home = await homeFor(sandbox, ['tabnine'], { lake: isLong });
  const night = async (): Promise<void> => {
    clock.at += 10 * MINUTE;
    sandbox.tabnine.events.insert(eventAt(clock.at - MINUTE, `at-${clock.at}`));
    await home.sync();
  };
  await night();
  for (const [what, sql] of ENDLESS) {
    await forge(home, sql);
    expect(await home.run(['verify']), what).toMatchObject({ code: 5 });
    const readers = [['status'], ['verify', '--event', 'tabnine:x', '--proof', 'x.json']];
    for (const args of sql === DOUBLED ? readers : []) {
      const stderr = expect.stringContaining('somebody wrote into it');
      expect(await home.run(args)).toMatchObject({ code: 5, stderr });
    }
    await night();
  }
  // Nor is what somebody says to be of another version.
  const versions = few(1, ['schema_version', 'transform_version']);
  for (const version of versions) {
    await forge(home, IN_PLACE_OF_A_TABLE, { [version]: 'another' });
    expect([3, 5]).toContain((await home.run(['verify'])).code);
    await night();
  }
  expect(await eventIds(home)).toHaveLength(5 + 1 + ENDLESS.length + versions.length);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});
