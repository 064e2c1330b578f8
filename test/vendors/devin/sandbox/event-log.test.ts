import { afterEach, beforeEach, expect, test } from 'vitest';
import { tries } from '../../../long.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { DEVIN_LOGS, type DevinPage, firstOf, read, readAll } from './client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 10, devin: { events: 1_000 } });
});
afterEach(() => sandbox.close());

const idsOf = (items: { audit_log_id: string }[]): string[] =>
  items.map(({ audit_log_id: id }) => id);
const all = (): string[] => idsOf(sandbox.devin.events.all());

test('an event that comes late stands among those of its time', async () => {
  const { events } = sandbox.devin;
  const at = events.all()[500]?.created_at ?? 0;
  events.add({ audit_log_id: 'late', created_at: at, action: 'update_something_new' });
  expect(events.count).toBe(1_001);
  const { items } = await read<DevinPage>(sandbox, DEVIN_LOGS, {
    time_after: at,
    time_before: at + 1,
    first: 1,
  });
  expect(items).toEqual([
    {
      action: 'update_something_new',
      audit_log_id: 'late',
      created_at: at,
      data: {},
      org_id: null,
      service_user_id: null,
      service_user_name: null,
      user_email: null,
      user_id: null,
    },
  ]);
});

test.each(['asc', 'desc'])(
  'additions and removals behind the cursor move nothing, %s',
  async (order) => {
    const { devin } = sandbox;
    const before = order === 'asc' ? all() : all().toReversed();
    devin.onRequest = ({ index }) => {
      if (index === 0) return;
      // The last event of the page before is removed: the cursor must do without it.
      devin.events.remove(before[index * 100 - 1] ?? '');
      const created_at = devin.events.all().at(order === 'asc' ? 10 : -10)?.created_at ?? 0;
      devin.events.add({ audit_log_id: `added-${index}`, created_at });
    };
    const found = idsOf(await readAll(sandbox, DEVIN_LOGS, { order }));
    expect(found).toEqual(before);
  },
);

test('a change keeps the place unless it moves the event', () => {
  const { events } = sandbox.devin;
  const ids = all();
  const id = ids[400] ?? '';
  expect(events.change(id, { data: { note: 1 } })).toBe(true);
  expect(all()).toEqual(ids);
  expect(events.all()[400]).toMatchObject({ audit_log_id: id, data: { note: 1 } });
  expect(events.change(id, { created_at: 5 })).toBe(true);
  expect(all()).toEqual([id, ...ids.filter((other) => other !== id)]);
  expect(events.change(id, { audit_log_id: 'renamed' })).toBe(true);
  expect([events.remove(id), events.remove('renamed'), events.remove('renamed')]).toEqual([
    false,
    true,
    false,
  ]);
  expect(events.count).toBe(999);
});

test('an organization filter sees what changed', async () => {
  const { events, organizations } = sandbox.devin;
  const { org_id } = firstOf(organizations);
  const path = `/v3/enterprise/organizations/${org_id}/audit-logs`;
  const total = async (): Promise<unknown> => (await read<DevinPage>(sandbox, path)).total;
  const before = Number(await total());
  events.add({ audit_log_id: 'mine', created_at: 5, org_id });
  expect(await total()).toBe(before + 1);
  events.remove('mine');
  expect(await total()).toBe(before);
});

test('retention takes the beginning away', () => {
  const { events } = sandbox.devin;
  const ids = all();
  const time = events.all()[100]?.created_at ?? 0;
  const gone = events.removeBefore(time);
  expect(gone).toBeLessThanOrEqual(100);
  expect(all()).toEqual(ids.slice(gone));
});

test('an event without a time is no event', () => {
  expect(() => sandbox.devin.events.add({ audit_log_id: 'x' })).toThrow('without created_at');
});

const MANY = tries(100_000);

test(`${MANY} events are read quickly`, async () => {
  const large = await startSandbox({ events: 1, devin: { events: MANY } });
  // Of the processor: what else the machine does must not count.
  const before = process.cpuUsage();
  const items = await readAll(large, DEVIN_LOGS, { order: 'asc', first: 200 });
  expect(new Set(idsOf(items)).size).toBe(MANY);
  const { user } = process.cpuUsage(before);
  expect(user / 1_000).toBeLessThan(1_000 + 0.15 * MANY);
  await large.close();
});
