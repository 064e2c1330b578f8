import { expect, test } from 'vitest';
import { long } from '../../long.ts';
import { DAY, NOW, Reading } from './support.ts';

test('a whole organization: events once, names, roles, tokens and money; a second run finds nothing new', async () => {
  const reading = await Reading.of({ events: 120, users: 8, days: 12 });
  const { vendor } = reading;
  const first = await reading.sync();
  expect(first.streams.map(({ stream, outcome }) => [stream, outcome])).toEqual(
    first.streams.map(({ stream }) => [stream, 'complete']),
  );
  expect(first.quirks).toEqual([]);

  const since = vendor.requests.length;
  const second = await reading.sync();
  expect(second.streams.filter((s) => s.new_records + s.changed_records > 0)).toEqual([]);
  // As docs/anthropic.md says.
  const bound =
    2 * vendor.workspaces.length + vendor.groups.length + vendor.roles.length + 8 + 4 + 13 + 49;
  expect(vendor.requests.length - since).toBeLessThanOrEqual(bound);

  const [events] = await reading.query(
    `select count(*)::int as n, count(distinct event_id)::int as ids,
       count(*) filter (category = 'other')::int as unknown,
       count(*) filter (actor_type = 'user' and actor_name is null)::int as nameless
     from audit_events`,
  );
  const all = vendor.feed.all();
  const unknown = all.filter(({ type }) => type === 'quantum_leap_scheduled').length;
  expect(events).toEqual({ n: all.length, ids: all.length, unknown, nameless: 0 });

  expect(
    await reading.query(
      `select email from admins where list_contains(known_from, 'user') order by all`,
    ),
  ).toEqual(
    vendor.users
      .filter(({ role }) => role === 'admin')
      .map(({ email }) => ({ email }))
      .toSorted((a, b) => (a.email < b.email ? -1 : 1)),
  );
  expect(
    await reading.query(
      `select distinct scope_name from access_grants where scope_type = 'workspace' order by all`,
    ),
  ).toEqual(
    vendor.workspaces
      .map(({ name }) => ({ scope_name: name }))
      .toSorted((a, b) => (a.scope_name < b.scope_name ? -1 : 1)),
  );
  // Both directions: the parts add up to the whole, and the whole is what the vendor bills.
  expect(
    await reading.query(
      `select scope, round(sum(value), 6) as usd from usage_metrics
       where dataset in ('costs', 'enterprise-costs') and metric = 'amount' and tool is null and model is null
       group by dataset, scope order by dataset, scope`,
    ),
  ).toEqual(
    ['organization', 'workspace', 'organization'].map((scope) => ({
      scope,
      usd: billed(vendor.usage),
    })),
  );
  expect(
    await reading.query(
      `select sum(input_tokens)::bigint as input, sum(output_tokens)::bigint as output from model_usage where dataset = 'usage-messages'`,
    ),
  ).toEqual([tokens(vendor.usage)]);
  const [people] = await reading.query(
    `select count(*)::int as days, count(*) filter (email is null)::int as nobody, min(unit) as unit from person_costs`,
  );
  expect(people).toMatchObject({ nobody: 0, unit: 'USD' });
  expect(people?.['days']).toBeGreaterThan(20);
  expect(await reading.query('select * from anomalies')).toEqual([]);
});

type Book = Reading['vendor']['usage'];

function used(book: Book) {
  const days = Array.from({ length: 14 }, (_, n) => Math.floor(NOW / DAY) * DAY - n * DAY);
  return days.flatMap((day) => book.usedOn(day, NOW));
}

function billed(book: Book): number {
  const cents = used(book).reduce(
    (sum, { price, input, output }) => sum + price * (input + 5 * output),
    0,
  );
  return Math.round(cents * 1e4) / 1e6;
}

function tokens(book: Book) {
  const all = used(book);
  return {
    input: all.reduce((sum, { input, cached, written }) => sum + input + cached + written, 0),
    output: all.reduce((sum, { output }) => sum + output, 0),
  };
}

long(
  'what is restated is there anew, with its former value; who leaves is gone; late activities come once',
  async () => {
    const reading = await Reading.of({ events: 20, users: 4, days: 40 }, 40);
    const { vendor } = reading;
    const streams = ['audit-logs', 'users', 'costs'];
    await reading.sync(streams);
    const day = new Date(Math.floor(NOW / DAY) * DAY - 34 * DAY).toISOString().slice(0, 10);
    vendor.usage.restate(day, 3);
    vendor.users.splice(1, 1);
    const late = {
      organization_id: null,
      organization_uuid: null,
      actor: { type: 'system_actor' },
    };
    vendor.feed.add({
      id: 'activity_late',
      created_at: new Date(NOW - DAY / 2).toISOString(),
      type: 'user_logged_out',
      ...late,
    });
    reading.now += DAY / 24;
    await reading.sync(streams);
    await reading.sync(streams);
    expect(
      await reading.query(
        `select count(*)::int as n from usage_metrics_history
       where dataset = 'costs' and scope = 'organization' and tool is null and model is null and period_start = '${day}'`,
      ),
    ).toEqual([{ n: 2 }]);
    expect(await reading.query('select count(*)::int as n from users')).toEqual([{ n: 3 }]);
    expect(
      await reading.query(
        `select count(*)::int as n from audit_events where event_id = 'activity_late'`,
      ),
    ).toEqual([{ n: 1 }]);
  },
);
