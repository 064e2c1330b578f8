/** `costs` of every vendor against the totals that the vendor itself gives. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { REGISTRY, type Registry } from '../../src/config/registry.ts';
import { transformOf } from '../../src/transform/transform.ts';
import { runHere } from '../harness.ts';

const { measures } = transformOf(REGISTRY.vendors);

/** What lists whom figures are about, and every stream with figures that cost. */
const LISTS = ['organization', 'users', 'idp-users', 'members', 'projects', 'cost-centers'];
const COSTS: Registry = {
  ...REGISTRY,
  vendors: REGISTRY.vendors.map((vendor) => ({
    ...vendor,
    streams: vendor.streams.filter(
      ({ name }) =>
        LISTS.includes(name) ||
        measures.some(
          (measure) =>
            measure.vendor === vendor.type &&
            measure.stream === name &&
            measure.basis !== null &&
            measure.basis !== 'tokens',
        ),
    ),
  })),
};

/** Where each vendor says what it all costs. */
const TOTALS = `
  select source, unit, sum(value::decimal(38, 9))::double as amount
  from usage_metrics
  where tool is null and model is null and case dataset
    when 'consumption' then scope = 'enterprise'
    when 'costs' then scope = 'organization' and unit = 'USD'
    when 'enterprise-costs' then scope = 'organization' and metric = 'amount'
    when 'usage-events' then metric = 'charged_cents'
    when 'agent-usage' then scope = 'organization' and metric = 'total_cost'
  end or dataset = 'billing-usage' and metric = 'net_amount'
  group by all
  order by all`;

const AMOUNTS = `
  select source, unit, sum(amount::decimal(38, 9))::double as amount
  from costs
  where measure = 'cost' and (basis = 'billed' or vendor in ('devin', 'tabnine'))
  group by all
  order by all`;

const close = (rows: { amount: number }[]): unknown[] =>
  rows.map((row) => ({ ...row, amount: expect.closeTo(row.amount, 5) }));

test('of every vendor each amount is there once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const run = (args: string[]) =>
    runHere(args, {
      env: {},
      cwd: folder,
      now: () => Date.UTC(2026, 10, 1, 9, 30),
      registry: COSTS,
    });
  const ask = async (sql: string) =>
    JSON.parse((await run(['query', sql, '--json', '--home', 'demo'])).stdout) as never[];
  expect(await run(['demo', '--home', 'demo'])).toMatchObject({ code: 0 });
  const totals = await ask(TOTALS);
  expect(totals).toHaveLength(REGISTRY.vendors.length);
  expect(await ask(AMOUNTS)).toEqual(close(totals));
  expect(
    await ask(
      `select source from costs where scope = 'user' group by all having count(person_id) < count(*)`,
    ),
  ).toEqual([]);
});
