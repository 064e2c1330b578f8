/** The compliance logs of ChatGPT: files behind links, which are listed for thirty days. */
import { expect, test } from 'vitest';
import type { CheckDocument } from '../../../src/documents/check.ts';
import type { LogFile } from '../../../src/vendors/openai/sandbox/log-files.ts';
import { DAY, NOW, Organization } from './organization.ts';

const DEFAULT_EVENTS = ['AUDIT_LOG', 'AUTH_LOG', 'APP_AUTH_LOG', 'APP_LOG'];

async function workspace(more: object = {}): Promise<Organization> {
  const made = await Organization.make({ days: 40 });
  const [token, baseUrl] = ['${OPENAI_TOKEN}', '${OPENAI_BASE_URL}'];
  const account = { workspace: made.vendor.workspace, chatgptOrganization: 'org-acme' };
  const openai = { type: 'openai', token, baseUrl, parts: ['chatgpt'], ...account, ...more };
  await made.home.configure({ lake: false, start: '2026-01-01', sources: { openai } });
  return made;
}

function served(files: readonly LogFile[], types: readonly string[]): string[] {
  const kept = files.filter(({ type, end }) => types.includes(type) && end > NOW - 29 * DAY);
  const ids = kept.flatMap(({ records }) =>
    records.map((record) => (record as { event_id: string }).event_id),
  );
  return [...new Set(ids)].toSorted();
}

async function events(made: Organization): Promise<unknown[]> {
  const rows = await made.query('select event_id from audit_events order by 1');
  return rows.map((row) => row['event_id']);
}

test('every event of the files that are kept, once, and nothing of content', async () => {
  const made = await workspace();
  const { vendor } = made;
  const run = await made.sync();
  expect(run.outcome).toBe('complete');
  expect(await events(made)).toEqual(served(vendor.logFiles, DEFAULT_EVENTS));
  expect(vendor.requests.some(({ path }) => path.includes('/v1/organization'))).toBe(false);
  expect(
    vendor.requests.some(({ query }) =>
      /CODEX|CONVERSATION|AGENTS/.test(query['event_type'] ?? ''),
    ),
  ).toBe(false);
  // A file comes late, with an event that is known and one that is not.
  const [known] = vendor.logFiles.filter(({ type }) => type === 'AUTH_LOG').at(-1)?.records ?? [];
  vendor.logFiles.push({
    id: 'file-late',
    type: 'AUTH_LOG',
    end: NOW - 1.5 * DAY,
    from: NOW + 1,
    records: [
      ...(known === undefined ? [] : [known]),
      { event_id: 'late', timestamp: new Date(NOW - 2 * DAY).toISOString() },
    ],
  });
  made.pass(3_600_000);
  const { streams } = await made.sync();
  expect(streams.map(({ new_records }) => new_records).filter((count) => count > 0)).toEqual([1]);
  expect(await events(made)).toContain('late');
});

test('content only where it is named, and costs by day and person', async () => {
  const made = await workspace({ contentLogs: ['CODEX_LOG'] });
  const { vendor } = made;
  await made.sync(['chatgpt-codex-logs', 'chatgpt-costs']);
  expect(await events(made)).toEqual(served(vendor.logFiles, ['CODEX_LOG']));
  const count = served(vendor.logFiles, ['COSTS']).length;
  const sums = `select unit, round(sum(cost), 3) as cost from person_costs group by unit order by unit`;
  expect(await made.query(sums)).toEqual([
    { unit: 'USD', cost: count * 0.125 },
    { unit: 'credits', cost: count * 2.25 },
  ]);
});

test.each([
  ['objects without a line between them', { joined: true }],
  ['no size and no checksum', { checksums: false }],
  ['links that have run out, and files that come cut', { expiredLinks: 2, brokenFiles: 1 }],
  ['a file that is the answer itself', { answersItself: true }],
])('%s', async (_what, quirks) => {
  const made = await workspace();
  Object.assign(made.vendor.quirks.chatgpt, quirks);
  await made.sync(['chatgpt-auth-logs']);
  expect(await events(made)).toEqual(served(made.vendor.logFiles, ['AUTH_LOG']));
});

test('a type that the tenant lacks is unavailable, and its signature is in no file', async () => {
  const made = await workspace();
  made.vendor.quirks.chatgpt.refused = ['AUDIT_LOG', 'APP_LOG'];
  const { endpoints } = await made.json<CheckDocument>(['check']);
  expect(endpoints.filter(({ available }) => !available).map(({ stream }) => stream)).toEqual([
    'chatgpt-audit-logs',
    'chatgpt-app-logs',
  ]);
  const run = await made.sync();
  expect(run.outcome).toBe('complete');
  const shown = await made.run(['sync', '--json']);
  expect(shown).not.toMatch(/sig\d+xQ/);
});
