import { expect, test } from 'vitest';
import { redacted } from '../../../src/extract/redaction.ts';
import { transformOf } from '../../../src/transform/transform.ts';
import { authorize, diagnose, numbersOf } from '../../../src/vendors/cursor/client.ts';
import { AUDIT_TEXTS } from '../../../src/vendors/cursor/hidden.ts';
import { peopleOf } from '../../../src/vendors/cursor/people.ts';
import { cursor } from '../../../src/vendors/cursor/vendor.ts';

test.each<[string, object, object]>([
  [
    'the audit log',
    { pagination: { page: 1, totalCount: 9, totalPages: 2, hasNextPage: true } },
    { total: 9, more: true },
  ],
  [
    'usage events',
    { totalUsageEventsCount: 5, pagination: { numPages: 1, currentPage: 1, hasNextPage: false } },
    { total: 5, more: false },
  ],
  [
    'daily usage',
    { pagination: { page: 2, totalUsers: 230, totalPages: 3 } },
    { total: 230, more: true },
  ],
  ['AI code', { totalCount: 3, page: 1, pageSize: 1000 }, { total: 3, more: null }],
  ['spend', { totalMembers: 7, totalPages: 1 }, { total: 7, more: null }],
  ['nothing', {}, { total: null, more: null }],
  ['words', { totalCount: '3', pagination: { hasNextPage: 'yes' } }, { total: null, more: null }],
])('what the envelope of %s says of the other pages', (_of, envelope, expected) => {
  expect(numbersOf(envelope as Record<string, unknown>)).toEqual(expected);
});

test.each<[number, object | string, string, string]>([
  [401, { error: 'Unauthorized', message: 'Invalid API key' }, 'token-refused', 'Invalid API key'],
  [401, { error: 'Conversation insights is disabled' }, 'feature-off', 'disabled'],
  [403, { code: 'error', message: 'Enterprise access required' }, 'forbidden', 'Enterprise'],
  [404, { error: 'Not found' }, 'not-found', 'Not found'],
  [409, { code: 'error', message: 'state is legacy' }, 'not-applicable', 'legacy'],
  [
    400,
    { outcome: 'error', message: 'Date range cannot exceed 30 days' },
    'request-rejected',
    '30 days',
  ],
  [403, '<html>', 'forbidden', 'status 403'],
])('%i %j', (status, body, code, what) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  expect(diagnose(status, Buffer.from(text))).toMatchObject({
    code,
    what: expect.stringContaining(what),
  });
});

test('the key is the user name, without a password', () => {
  expect(authorize('made-up')).toEqual({ authorization: `Basic ${btoa('made-up:')}` });
});

test('a person is one address; who was removed and came back is listed beneath it', () => {
  const records = [
    { email: 'Ann@acme.test', id: 1, isRemoved: true },
    { email: 'ann@acme.test', id: 2, isRemoved: false },
    { email: '', id: 'user_3' },
    { name: 'nobody' },
  ].map((record, n) => ({
    bytes: Buffer.from(JSON.stringify(record)),
    key: `made-${n}`,
    time: null,
  }));
  const keys = peopleOf(['email'], ['id'])(records).map(({ key }) => key);
  expect(keys).toEqual(['ann@acme.test/1', 'ann@acme.test', 'user_3', 'made-3']);
});

test.each<[string, object, object]>([
  ['login', { user_email: 'ann@acme.test' }, { user_email: 'ann@acme.test' }],
  [
    'team_rule',
    { action: 'updated', name: 'r', content: 'Zebulon' },
    { action: 'updated', name: 'r', content: '<7>' },
  ],
  [
    'team_hook',
    { name: 'h', steps: [{ run: 'sh', id: 'x' }] },
    { name: 'h', steps: [{ run: '<2>', id: 'x' }] },
  ],
  ['origin_comment_created', { id: '1', body: 'Hi' }, { id: '1', body: '<2>' }],
  ['of_next_month', { prompt: 'x'.repeat(401), state: 'on' }, { prompt: '<401>', state: 'on' }],
])('of an event %s is kept what was done', (event_type, event_data, expected) => {
  const body = JSON.stringify({ events: [{ event_data, event_type }] });
  const left = redacted(Buffer.from(body), AUDIT_TEXTS, Buffer.alloc(32)).toString();
  const shown = left.replaceAll(/redacted:(\d+):[0-9a-f]{32}/g, '<$1>');
  expect(JSON.parse(shown)).toEqual({ events: [{ event_data: expected, event_type }] });
});

test.each([
  'team_hook',
  'credentials_revoked',
  'customer_telemetry_content_opt_in',
  'team_data_export_download',
])('%s is in the vocabulary', (action) => {
  const { actions } = transformOf([cursor]);
  expect(actions).toContainEqual(expect.objectContaining({ vendor: 'cursor', action }));
});
