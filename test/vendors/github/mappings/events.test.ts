import { beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../../load/archive.ts';
import { mapped } from './mapped.ts';

/** 2026-07-09T14:30:05.123Z. */
const AT = 1783607405123;

const event = (more: object): Record<string, unknown> => ({
  '@timestamp': AT,
  created_at: AT,
  action: 'user.login',
  ...more,
});

const TIMES = [
  ['both', {}, '2026-07-09T14:30:05.123Z'],
  ['a git event', { created_at: undefined }, '2026-07-09T14:30:05.123Z'],
  ['an old one', { '@timestamp': undefined }, '2026-07-09T14:30:05.123Z'],
  ['neither', { '@timestamp': undefined, created_at: undefined }, null],
] as const;

const NAME_ID = { external_identity_nameid: 'ann@acme.test' };

const ACTORS = [
  ['a person', { actor: 'ann', actor_id: 7 }, ['user', '7', 'ann', null]],
  [
    'known by SAML too',
    { actor: 'ann', actor_id: 7, user: 'ann', user_id: 7, ...NAME_ID },
    ['user', '7', 'ann', 'ann@acme.test'],
  ],
  [
    'the name is of who was removed',
    { actor: 'bob', actor_id: 8, user: 'ann', user_id: 7, ...NAME_ID },
    ['user', '8', 'bob', null],
  ],
  [
    'an agent, begun by a person',
    { actor: 'Copilot', actor_id: 9, actor_is_agent: true, user: 'ann', user_id: 7 },
    ['system', '9', 'Copilot', null],
  ],
  ['a bot', { actor: 'x[bot]', actor_id: 5 }, ['service_user', '5', 'x[bot]', null]],
  [
    'a bot by its flag',
    { actor: 'x', actor_id: 5, actor_is_bot: true },
    ['service_user', '5', 'x', null],
  ],
  ['nobody', { user_id: 0 }, ['unknown', null, null, null]],
  ['an empty name', { actor: '', actor_id: null }, ['unknown', null, null, null]],
] as const;

const TARGETS = [
  [
    'another person',
    { actor: 'a', actor_id: 1, user: 'b', user_id: 2, ...NAME_ID },
    ['user', '2', 'b', 'ann@acme.test'],
  ],
  [
    'a person in a team',
    { actor: 'a', actor_id: 1, user: 'b', user_id: 2, team: 't', team_id: 4 },
    ['user', '2', 'b', null],
  ],
  ['a team, in the older place', { data: { team: 'acme/t' } }, ['team', 'acme/t', 'acme/t', null]],
  ['a repository', { repository: 'acme/r', repository_id: 3 }, ['repository', '3', 'acme/r', null]],
  ['a repository without its id', { repo: 'acme/r' }, ['repository', 'acme/r', 'acme/r', null]],
  [
    'of an agent what it made, not who began it',
    { actor_is_agent: true, user_id: 7, user: 'ann', repo: 'acme/r', repo_id: 3 },
    ['repository', '3', 'acme/r', null],
  ],
  [
    'a token',
    {
      action: 'personal_access_token.access_granted',
      token_id: 30,
      user_programmatic_access_name: 'ci',
      repo: 'r',
    },
    ['api_key', '30', 'ci', null],
  ],
  ['an organization', { org: 'acme', org_id: 5 }, ['organization', '5', 'acme', null]],
  ['an enterprise', { business: 'corp', business_id: 6 }, ['enterprise', '6', 'corp', null]],
  ['nothing', {}, [null, null, null, null]],
] as const;

const ORGANIZATIONS = [
  ['a number', { org: 'acme', org_id: 5 }, '5'],
  ['a list of one', { org: ['acme'], org_id: [5] }, '5'],
  ['of several no single one', { org: ['a', 'b'], org_id: [1, 2] }, null],
  ['a name alone', { org: 'acme' }, 'acme'],
  ['none', {}, null],
] as const;

let rows: Map<string, Row>;
beforeAll(async () => {
  const all = Object.entries({ TIMES, ACTORS, TARGETS, ORGANIZATIONS }).flatMap(([group, cases]) =>
    cases.map(([what, more]) => ({ key: `${group} ${what}`, record: event(more) })),
  );
  const events = await mapped('audit_events', 'audit-logs', all);
  rows = new Map(events.map((row) => [row['event_id'] as string, row]));
});

const row = (key: string): Row => rows.get(key) ?? {};

describe('an audit event', () => {
  test.each(TIMES)('happened: %s', (what, _more, time) => {
    expect(row(`TIMES ${what}`)['occurred_at']).toBe(time);
  });
  test.each(ACTORS)('was done by %s', (what, _more, actor) => {
    const { actor_type, actor_id, actor_name, actor_email } = row(`ACTORS ${what}`);
    expect([actor_type, actor_id, actor_name, actor_email]).toEqual(actor);
  });
  test.each(TARGETS)('was done to %s', (what, _more, target) => {
    const { target_type, target_id, target_name, target_email } = row(`TARGETS ${what}`);
    expect([target_type, target_id, target_name, target_email]).toEqual(target);
  });
  test.each(ORGANIZATIONS)('is of the organization: %s', (what, _more, id) => {
    expect(row(`ORGANIZATIONS ${what}`)['organization_id']).toBe(id);
  });
});
