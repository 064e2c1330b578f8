/** What costs, once, from figures that say it several times. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BASES, type Basis } from '../../src/model.ts';
import { jsonValue } from '../../src/load/query/json-values.ts';
import { transformOf } from '../../src/transform/transform.ts';
import { VENDORS } from '../../src/vendors/index.ts';
import { holdPeople } from '../../src/load/warehouse/hold-directory.ts';
import { emptyWarehouse } from './empty-warehouse.ts';

let database: Awaited<ReturnType<typeof emptyWarehouse>>;

beforeAll(async () => {
  database = await emptyWarehouse(transformOf(VENDORS));
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.connection.run('delete from internal.figures');
  await database.connection.run('delete from internal.entity_versions');
  await database.connection.run(`delete from internal.measures where vendor = 'any'`);
  for (const basis of BASES) {
    for (const split of ['', 'product', 'model', 'both'])
      await measure({ stream: basis, split, basis });
  }
});

type Declared = { stream: string; basis: Basis; split: string; metric?: string; whole?: string };

async function measure({
  stream,
  basis,
  split,
  metric = 'cost',
  whole = '',
}: Declared): Promise<void> {
  await database.connection.run(
    `insert into internal.measures by name
     select 'any' as vendor, $stream as stream, $metric as metric, 'cost' as measure, nullif($split, '') as split,
       $basis as basis, nullif($whole, '') as whole`,
    { stream, basis, split, metric, whole },
  );
}

type Figure = {
  value: number;
  scope?: string;
  id?: string;
  tool?: string;
  model?: string;
  stream?: string;
  metric?: string;
  day?: number;
  unit?: string;
  granularity?: string;
};

const figures = (...all: Figure[]): Promise<void> => figuresOf('acme', all);

async function figuresOf(source: string, all: Figure[]): Promise<void> {
  const given = all.map(({ scope = 'organization', id = 'o', stream = 'billed', ...more }) => ({
    scope,
    scope_id: id,
    stream,
    dataset: stream,
    metric: 'cost',
    unit: 'USD',
    granularity: 'daily',
    ...more,
    period_start: `2026-11-0${more.day ?? 1}T00:00:00Z`,
  }));
  await database.connection.run(
    `insert into internal.figures by name
     select $source as source, 'any' as vendor, stream, dataset, scope, scope_id, period_start,
       period_start + interval 1 day as period_end, granularity, tool, model, metric, value, unit, true as latest
     from (select unnest(from_json($rows, '[{
       "stream": "VARCHAR", "dataset": "VARCHAR", "scope": "VARCHAR", "scope_id": "VARCHAR", "period_start": "TIMESTAMPTZ",
       "granularity": "VARCHAR", "tool": "VARCHAR", "model": "VARCHAR", "metric": "VARCHAR", "value": "DOUBLE", "unit": "VARCHAR"
     }]'), recursive := true))`,
    { source, rows: JSON.stringify(given) },
  );
}

async function rows(sql: string): Promise<unknown[][]> {
  const reader = await database.connection.runAndReadAll(sql);
  return reader.getRows().map((row) => row.map((value) => jsonValue(value, null)));
}

const COSTS = `
  select scope, scope_id, product, model, amount from costs order by all`;

const ann = { scope: 'user', id: 'ann' };
const bob = { scope: 'user', id: 'bob' };
const all = { scope: 'enterprise', id: 'e' };

const cases: [string, Figure[], unknown[][]][] = [
  ['a total', [{ value: 5 }], [['organization', 'o', null, null, 5]]],
  ['a total of nothing', [{ value: 0 }], [['organization', 'o', null, null, 0]]],
  [
    'products, and the rest of the total',
    [{ value: 5 }, { value: 3, tool: 'a' }, { value: 1, tool: 'b' }],
    [
      ['organization', 'o', 'a', null, 3],
      ['organization', 'o', 'b', null, 1],
      ['organization', 'o', null, null, 1],
    ],
  ],
  [
    'products that are all of it',
    [{ value: 0.3 }, { value: 0.1, tool: 'a' }, { value: 0.2, tool: 'b' }],
    [
      ['organization', 'o', 'a', null, 0.1],
      ['organization', 'o', 'b', null, 0.2],
    ],
  ],
  [
    'products and models, not split by each other: the products',
    [{ value: 5 }, { value: 5, tool: 'a' }, { value: 4, model: 'm' }, { value: 1, model: 'n' }],
    [['organization', 'o', 'a', null, 5]],
  ],
  [
    'products of models, and what has only one of the two',
    [
      { value: 10 },
      { value: 6, tool: 'a' },
      { value: 3, tool: 'b' },
      { value: 5, model: 'm' },
      { value: 4, tool: 'a', model: 'm' },
    ],
    [
      ['organization', 'o', 'a', 'm', 4],
      ['organization', 'o', 'a', null, 2],
      ['organization', 'o', 'b', null, 3],
      ['organization', 'o', null, 'm', 1],
    ],
  ],
  [
    'people, and what the organization has on top',
    [{ value: 10 }, { ...ann, value: 3 }, { ...bob, value: 4 }],
    [
      ['organization', 'o', null, null, 3],
      ['user', 'ann', null, null, 3],
      ['user', 'bob', null, null, 4],
    ],
  ],
  [
    'people whose shares are more than the total, which stays the total',
    [{ value: 10 }, { ...ann, value: 11 }],
    [
      ['organization', 'o', null, null, -1],
      ['user', 'ann', null, null, 11],
    ],
  ],
  [
    'people before projects, also where the total has a project',
    [{ value: 10 }, { ...ann, value: 3 }, { value: 10, scope: 'project', id: 'p' }],
    [
      ['organization', 'o', null, null, 7],
      ['user', 'ann', null, null, 3],
    ],
  ],
  [
    'workspaces by model where nobody is known',
    [
      { value: 10 },
      { value: 10, model: 'm' },
      { value: 7, scope: 'workspace', id: 'w' },
      { value: 7, scope: 'workspace', id: 'w', model: 'm' },
      { value: 7, scope: 'api_key', id: 'k' },
    ],
    [
      ['organization', 'o', null, 'm', 3],
      ['workspace', 'w', null, 'm', 7],
    ],
  ],
  [
    'the rest by what both sides are split by',
    [
      { value: 10 },
      { value: 6, tool: 'a' },
      { value: 4, tool: 'b' },
      { ...ann, value: 5 },
      { ...ann, value: 5, tool: 'a' },
      { ...ann, value: 5, model: 'm' },
    ],
    [
      ['organization', 'o', 'a', null, 1],
      ['organization', 'o', 'b', null, 4],
      ['user', 'ann', 'a', null, 5],
    ],
  ],
  [
    'organizations of an enterprise, and what is of none',
    [
      { ...all, value: 10 },
      { value: 4, id: 'o1' },
      { value: 5, id: 'o2' },
    ],
    [
      ['enterprise', 'e', null, null, 1],
      ['organization', 'o1', null, null, 4],
      ['organization', 'o2', null, null, 5],
    ],
  ],
  [
    'people and service users of an enterprise',
    [
      { ...all, value: 10 },
      { value: 9, id: 'o1' },
      { ...ann, value: 2 },
      { value: 3, scope: 'service_user', id: 'ci' },
    ],
    [
      ['enterprise', 'e', null, null, 5],
      ['service_user', 'ci', null, null, 3],
      ['user', 'ann', null, null, 2],
    ],
  ],
  [
    'people of a day that the total was not read of',
    [
      { ...ann, value: 2 },
      { value: 4, day: 2 },
    ],
    [
      ['organization', 'o', null, null, 4],
      ['user', 'ann', null, null, 2],
    ],
  ],
  [
    'each currency for itself',
    [{ value: 4 }, { ...ann, value: 1 }, { value: 3, unit: 'EUR' }],
    [
      ['organization', 'o', null, null, 3],
      ['organization', 'o', null, null, 3],
      ['user', 'ann', null, null, 1],
    ],
  ],
  [
    'neither a snapshot nor a week',
    [
      { value: 4, granularity: 'snapshot' },
      { value: 4, granularity: 'weekly' },
    ],
    [],
  ],
  [
    'a month',
    [{ value: 4, granularity: 'monthly' }, { value: 1 }],
    [
      ['organization', 'o', null, null, 1],
      ['organization', 'o', null, null, 4],
    ],
  ],
];

// In one warehouse: what a source says has no say in what another does.
test('each amount once', async () => {
  for (const [name, given] of cases) await figuresOf(name, given);
  const found = await rows(
    'select source, scope, scope_id, product, model, amount from costs order by all',
  );
  expect(
    cases.map(([name]) => [name, found.filter(([of]) => of === name).map(([, ...rest]) => rest)]),
  ).toEqual(cases.map(([name, , expected]) => [name, expected]));
});

const call = (more: Figure): Figure[] => [
  { stream: 'calls', ...more },
  { stream: 'calls', ...more, model: 'm' },
];

test('what no total has in it is all there, whoever it is about', async () => {
  await measure({ stream: 'calls', basis: 'billed', split: '', whole: 'none' });
  await measure({ stream: 'calls', basis: 'billed', split: 'model', whole: 'none' });
  await figures(
    ...call({ ...ann, value: 1 }),
    ...call({ ...ann, value: 2 }),
    ...call({ value: 4, id: 'team' }),
    { value: 100, stream: 'billed' },
  );
  expect(await rows(COSTS)).toEqual([
    ['organization', 'o', null, null, 100],
    ['organization', 'team', null, 'm', 4],
    ['user', 'ann', null, 'm', 3],
  ]);
});

test('shares may have another name and another stream than the whole', async () => {
  await measure({ stream: 'people', basis: 'billed', split: '', metric: 'spent', whole: 'billed' });
  await figures(
    { value: 10, tool: 'a', model: 'm' },
    { value: 10, tool: 'a' },
    { value: 10 },
    { ...ann, stream: 'people', metric: 'spent', value: 4 },
  );
  expect(await rows(COSTS)).toEqual([
    ['organization', 'o', null, null, 6],
    ['user', 'ann', null, null, 4],
  ]);
});

test('figures of which none has another in it are taken as they are', async () => {
  await measure({ stream: 'items', basis: 'billed', split: 'any' });
  await figures(
    { stream: 'items', value: 4, tool: 'a', model: 'm' },
    { stream: 'items', value: 3, tool: 'a' },
    { stream: 'items', value: 2, model: 'm' },
    { stream: 'items', value: 1 },
  );
  expect(await rows('select sum(amount), count(*)::int from costs')).toEqual([[10, 4]]);
});

async function list(id: string, email: string | null, source = 'acme'): Promise<void> {
  await database.connection.run(
    `insert into internal.entity_versions by name
     select $source as source, 'any' as vendor, 'users' as stream, 'user' as entity_type, $id as entity_id, $id as name,
       $email as email, '{}' as attributes, now() as seen_at, true as present, 1 as seq, 1 as n`,
    { source, id, email },
  );
  await holdPeople(database.connection);
}

const spent = (id: string): Figure => ({ scope: 'user', id, value: 1 });

test('whose it is: by the id, or by the address that a vendor has instead', async () => {
  await list('u1', 'Ann@acme.test');
  await list('u1', 'cid@acme.test', 'other');
  await list('u2', null);
  await list('bob', 'bob@acme.test', 'other');
  await figures(spent('u1'), spent('u2'), spent('Bob@acme.test'), spent('who@acme.test'), {
    scope: 'service_user',
    id: 'u1',
    value: 1,
  });
  expect(await rows('select scope, scope_id, person_id from costs order by all')).toEqual([
    ['service_user', 'u1', null],
    ['user', 'Bob@acme.test', 'bob@acme.test'],
    ['user', 'u1', 'ann@acme.test'],
    ['user', 'u2', 'acme/user/u2'],
    ['user', 'who@acme.test', null],
  ]);
});

test('how far it is from the bill, month by month', async () => {
  await figures(
    { value: 10 },
    { ...ann, value: 6 },
    { value: 1, day: 2 },
    { value: 12, stream: 'list_price' },
    { value: 7, stream: 'credits', unit: 'credits' },
    { value: 5, stream: 'credits', unit: 'credits', scope: 'project', id: 'p' },
  );
  expect(
    await rows(
      `select month::varchar, basis, unit, amount, of_people, of_others, of_nobody, billed, above_bill from cost_gaps order by basis`,
    ),
  ).toEqual([
    ['2026-11-01', 'billed', 'USD', 11, 6, 0, 5, 11, 0],
    ['2026-11-01', 'credits', 'credits', 7, 0, 5, 2, null, null],
    ['2026-11-01', 'list_price', 'USD', 12, 0, 0, 12, 11, 1],
  ]);
});
