import { expect, test } from 'vitest';
import { type Answer, type Call, bytesOf, json } from '../../src/sandbox/answer.ts';
import type { DevinVendor } from '../../src/vendors/devin/sandbox/vendor.ts';
import { few } from '../long.ts';
import { devinHome, devinRequests, devinSandbox, syncDevin } from './devin-support.ts';
import { DAY, select } from './support.ts';

type Body = Record<string, unknown>;

/** A server that answers otherwise than the sandbox does: its body is changed, or the whole answer replaced. */
function answers(
  devin: DevinVendor,
  path: RegExp,
  change: (body: Body, call: Call) => Body | Answer,
  ask = (call: Call): Call => call,
): void {
  const answer = devin.answer.bind(devin);
  devin.answer = (call) => {
    if (!path.test(call.path)) return answer(call);
    const real = answer(ask(call));
    if (real.status !== 200) return real;
    const changed = change(JSON.parse(bytesOf(real).toString('utf8')) as Body, call);
    return 'status' in changed && 'body' in changed ? (changed as Answer) : json(200, changed);
  };
}

const LOG = /enterprise\/audit-logs$/;

const WHETHER_MORE = few<[string, (body: Body) => Body]>(1, [
  ['left out', (body) => without(body, 'has_next_page')],
  ['null', (body) => ({ ...body, has_next_page: null })],
]);

test.each(WHETHER_MORE)(
  'short pages with a cursor, and whether there is more is %s',
  async (_what, change) => {
    const { sandbox } = await devinSandbox({ events: 450, days: 40 });
    answers(sandbox.devin, LOG, change, firstHundred);
    const home = await devinHome(sandbox);
    await syncDevin(home, ['audit-logs']);
    expect(await select(home, 'select count(*)::int as n from audit_events')).toEqual([{ n: 450 }]);
  },
);

test.each([
  ['nanoseconds: all are dated', 1e9, { timed: 300, told: 0 }],
  ['an unforeseen unit: they are kept, without a time, and told of', 1e12, { timed: 0, told: 300 }],
])('events in %s', async (_, perSecond, expected) => {
  const { sandbox } = await devinSandbox({ events: 300, days: 40 });
  answers(sandbox.devin, LOG, (body) => ({
    ...body,
    items: (body['items'] as Body[]).map((item) => ({
      ...item,
      created_at: Number(item['created_at']) * perSecond,
    })),
  }));
  const home = await devinHome(sandbox);
  await syncDevin(home, ['audit-logs']);
  expect(
    await select(
      home,
      `select count(*)::int as n, count(occurred_at)::int as timed,
         (select count(*)::int from anomalies where kind = 'unmappable') as told from audit_events`,
    ),
  ).toEqual([{ n: 300, ...expected }]);
});

test('a range is short, and a day at its beginning is left out: no day is missing', async () => {
  const { sandbox } = await devinSandbox({ days: 120 });
  answers(sandbox.devin, /consumption\/daily$/, (body, { query }) => {
    const [after, before] = [Number(query['time_after']), Number(query['time_before'])];
    if ((before - after) * 1000 > 32 * DAY) return json(422, { detail: 'range too long' });
    const days = body['consumption_by_date'] as Body[];
    return { ...body, consumption_by_date: days.filter(({ date }) => Number(date) > after) };
  });
  const home = await devinHome(sandbox);
  await syncDevin(home, ['consumption-enterprise']);
  expect(
    await select(
      home,
      `select count(distinct period_start)::int as days from usage_metrics where dataset = 'consumption'`,
    ),
  ).toEqual([{ days: 90 }]);
});

test('months and weeks are never cut, however short the ranges are that a server takes', async () => {
  const { sandbox } = await devinSandbox({ days: 120 });
  answers(sandbox.devin, /metrics\/(wau|mau)$/, (body, { query }) => {
    const [after, before] = [Number(query['time_after']), Number(query['time_before'])];
    return (before - after) * 1000 > 35 * DAY ? json(422, { detail: 'range too long' }) : body;
  });
  const home = await devinHome(sandbox);
  await syncDevin(home, ['metrics-wau', 'metrics-mau']);
  for (const { query, status } of devinRequests(sandbox, /metrics\/mau$/)) {
    if (status !== 200) continue;
    const bounds = [query['time_after'], query['time_before']];
    const dates = bounds.map((at) => new Date(Number(at) * 1000).toISOString().slice(8, 19));
    expect(dates).toEqual(['01T00:00:00', '01T00:00:00']);
  }
  for (const { query, status } of devinRequests(sandbox, /metrics\/wau$/)) {
    if (status !== 200) continue;
    expect(new Date(Number(query['time_after']) * 1000).getUTCDay()).toBe(1);
  }
});

function firstHundred(call: Call): Call {
  return { ...call, query: { ...call.query, first: '100' } };
}

function without(body: Body, key: string): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== key));
}
