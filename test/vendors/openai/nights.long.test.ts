/** Sixty days and the nights after, whatever the server does and however often it fails. */
import { expect, test } from 'vitest';
import type { FaultKind } from '../../../src/sandbox/faults.ts';
import type { Quirks } from '../../../src/vendors/openai/sandbox/quirks.ts';
import { DAY, NOW, Organization } from './organization.ts';

const FAULTS: FaultKind[] = [
  '429',
  '429-retry-after',
  '500',
  'html-502',
  'reset',
  'cut',
  'json-cut',
  'stall',
];

const WHIMS: [string, Partial<Quirks>][] = [
  ['as documented', {}],
  [
    'goes the other way',
    {
      older: 'before',
      emptyEnd: true,
      listForm: 'brackets',
      otherForm: 'rejected',
      amounts: 'text',
    },
  ],
  [
    'says as little as it can',
    {
      organizationHeader: false,
      emptyDays: 'absent',
      archivedRefused: true,
      errors: 'object',
      keysInUse: true,
    },
  ],
  ['ignores what it is asked', { timeIgnored: true, listForm: 'brackets', daysInParts: true }],
];

test.each(WHIMS)('a server that %s', { timeout: 900_000 }, async (_what, quirks) => {
  const organization = await Organization.make({ events: 2_000, days: 60 });
  const { vendor, home } = organization;
  Object.assign(home.env, { AUDITLAKE_TIMEOUT: '1s', AUDITLAKE_START: '2026-04-01' });
  Object.assign(vendor.quirks, quirks);
  Object.assign(vendor.faults, { rate: 0.05, kinds: FAULTS });
  await organization.sync();
  for (let night = 1; night <= 3; night += 1) {
    organization.pass(DAY);
    const today = Math.floor((NOW + night * DAY) / 1000);
    for (let n = 0; n < 130; n += 1) {
      // All of one second, each night in a second of its own; and some that were late by hours.
      const effective_at = n < 120 ? today - 9_000 : today - 40_000 - n * 1_000;
      const id = `audit_log-night-${night}-${n}`;
      const type = n % 30 === 0 ? 'tenant.user.added' : 'login.succeeded';
      vendor.add({ id, type, effective_at, actor: null });
    }
    vendor.usage.restated.set(Math.floor((NOW - 20 * DAY) / DAY) * 86_400, night);
    vendor.faults.seed += 1;
    await organization.sync();
  }

  const truth = [...vendor.events.all(), ...vendor.tenantEvents.all()].map(({ id }) => id);
  const read = await organization.query('select event_id from audit_events order by event_id');
  expect(read.map(({ event_id }) => event_id)).toEqual(truth.toSorted());
  await organization.run(['verify']);

  // What was billed, whichever way it is added up, and what it was before.
  const billed = await organization.query(
    `select scope, round(sum(value), 6) as value from usage_metrics
    where dataset = 'costs' and metric = 'amount.value' and tool is null group by scope order by scope`,
  );
  expect(new Set(billed.map(({ value }) => value)).size).toBe(1);
  expect(billed).toHaveLength(3);
  const before = Math.floor((NOW - 20 * DAY) / DAY) * DAY;
  expect(
    await organization.query(
      `select count(*) as n from usage_metrics_history
      where dataset = 'costs' and scope = 'organization' and tool is null
        and period_start = '${new Date(before).toISOString()}'`,
    ),
  ).toEqual([{ n: quirks.daysInParts === true ? 6 : 3 }]);

  vendor.faults.rate = 0;
  const again = await organization.sync();
  const news = again.streams.filter(({ new_records }) => new_records > 0);
  expect(news.map(({ stream }) => stream)).toEqual([]);
});
