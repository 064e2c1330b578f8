import { expect, test } from 'vitest';
import { mapped } from './mapped.ts';

test('a session, column by column', async () => {
  const raw =
    '{"session_id":"abc","org_id":"org-emea","url":"https://app.acme.test/abc","status":"running","status_detail":"working",' +
    '"tags":["a"],"created_at":1784102400,"updated_at":1784106000,"acus_consumed":1.25,"origin":"slack","category":"bug_fixing",' +
    '"pull_requests":[{"pr_url":"https://git.acme.test/1","pr_state":null}],"title":"Fix","user_id":"email|ann",' +
    '"service_user_id":null,"playbook_id":"p","parent_session_id":"devin-par","is_archived":false,"new":1}';
  expect(await mapped('internal.sessions', 'sessions', [{ key: 'abc', record: raw }])).toEqual([
    {
      source: 'agents',
      vendor: 'devin',
      session_id: 'abc',
      organization_id: 'org-emea',
      user_id: 'email|ann',
      service_user_id: null,
      status: 'running',
      status_detail: 'working',
      origin: 'slack',
      category: 'bug_fixing',
      title: 'Fix',
      playbook_id: 'p',
      parent_session_id: 'par',
      created_at: '2026-07-15T08:00:00.000Z',
      updated_at: '2026-07-15T09:00:00.000Z',
      acus: 1.25,
      is_archived: false,
      pull_requests: '[{"pr_url":"https://git.acme.test/1","pr_state":null}]',
      tags: '["a"]',
      raw,
      first_seen_at: '2026-03-01T00:00:00.000Z',
      seq: 1,
      n: 2,
    },
  ]);
});

test('a session of which little is there', async () => {
  const record = '{"acus_consumed":0,"pull_requests":null,"created_at":"soon","is_archived":null}';
  expect(await mapped('work_sessions', 'sessions', [{ key: 'devin-abc', record }])).toMatchObject([
    {
      session_id: 'abc',
      organization_id: null,
      created_at: null,
      acus: 0,
      pull_requests: null,
      is_archived: null,
    },
  ]);
});
