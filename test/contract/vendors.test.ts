import { jsonText } from '../../src/sandbox/answer.ts';
import { CursorVendor } from '../../src/vendors/cursor/sandbox/vendor.ts';
import { cursor } from '../../src/vendors/cursor/vendor.ts';
import { AnthropicVendor } from '../../src/vendors/anthropic/sandbox/vendor.ts';
import { anthropic } from '../../src/vendors/anthropic/vendor.ts';
import { DevinVendor } from '../../src/vendors/devin/sandbox/vendor.ts';
import { devin } from '../../src/vendors/devin/vendor.ts';
import { OpenaiVendor } from '../../src/vendors/openai/sandbox/vendor.ts';
import { openai } from '../../src/vendors/openai/vendor.ts';
import { GithubVendor } from '../../src/vendors/github/sandbox/vendor.ts';
import { github } from '../../src/vendors/github/vendor.ts';
import { TabnineVendor } from '../../src/vendors/tabnine/sandbox/vendor.ts';
import { tabnine } from '../../src/vendors/tabnine/vendor.ts';
import { QuillVendor } from '../vendors/quill/sandbox/vendor.ts';
import { quill } from '../vendors/quill/vendor.ts';
import { NOW } from './vendor/fixture.ts';
import { vendorContract } from './vendor.ts';

vendorContract<TabnineVendor>({
  vendor: tabnine,
  make(now) {
    const vendor = new TabnineVendor({ events: 0, users: 6, teams: 4, days: 5, until: NOW, now });
    // Its pages are long: what takes several of them would take as long.
    Object.assign(vendor.quirks, { pageCap: 7 });
    return vendor;
  },
  options: { allowedTeams: true, modelScopes: ['organization', 'team', 'user'] },
  log: {
    stream: 'audit-logs',
    pageSize: 7,
    grain: 1,
    put(vendor, id, at) {
      vendor.events.insert({ id, timestamp: new Date(at).toISOString(), eventType: 'user.login' });
    },
    remove: (vendor, id) => void vendor.events.remove(id),
    cap: (vendor) => void Object.assign(vendor.quirks, { echoCappedLimit: false }),
  },
  list: {
    stream: 'teams',
    add(vendor, n) {
      vendor.teams.push({
        id: `team-${n}`,
        name: `Team ${n}`,
        usersCount: 0,
        isDefaultTeam: false,
      });
    },
    remove: (vendor) => void vendor.teams.shift(),
    count: ({ teams }) => teams.length,
  },
  membersByQuery: {
    'team-utilization': 'teamId',
    'usage-team': 'teamId',
    'usage-user': 'userId',
    'usage-models-team': 'teamId',
    'usage-models-user': 'userId',
    'agent-usage-team': 'teamId',
    'agent-usage-user': 'userId',
    'usage-v1-team': 'teamId',
    'usage-v1-user': 'userId',
  },
});

vendorContract<DevinVendor>({
  vendor: devin,
  make: (now) =>
    new DevinVendor({
      events: 0,
      users: 4,
      organizations: 3,
      sessions: 5,
      days: 5,
      until: NOW,
      now,
    }),
  options: {},
  log: {
    stream: 'audit-logs',
    pageSize: 200,
    grain: 1_000,
    put(vendor, id, at) {
      const created_at = Math.floor(at / 1000);
      vendor.events.add({ audit_log_id: id, created_at, action: 'login' });
    },
    remove: (vendor, id) => void vendor.events.remove(id),
    emptyFirst(vendor, pages) {
      const own = vendor.answer.bind(vendor);
      vendor.answer = (call) => {
        if (call.path !== '/v3/enterprise/audit-logs') return own(call);
        const n = Number(/^empty-(\d+)$/.exec(call.params.get('after') ?? 'empty-0')?.[1] ?? pages);
        if (n < pages) {
          return jsonText(200, `{"items":[],"has_next_page":true,"end_cursor":"empty-${n + 1}"}`);
        }
        const params = new URLSearchParams(call.params);
        if (params.get('after') === `empty-${pages}`) params.delete('after');
        return own({ ...call, params });
      };
    },
  },
  list: {
    stream: 'organizations',
    add(vendor, n) {
      const org_id = `org-added-${String(n).padStart(4, '0')}`;
      const limits = { max_session_acu_limit: null, max_cycle_acu_limit: null };
      const name = `Org ${n}`;
      vendor.organizations.push({ org_id, name, created_at: 1, updated_at: 1, ...limits });
    },
    remove: (vendor) => void vendor.organizations.shift(),
    count: ({ organizations }) => organizations.length,
  },
  membersByQuery: {},
});

vendorContract<CursorVendor>({
  vendor: cursor,
  make(now) {
    const vendor = new CursorVendor({ events: 0, users: 12, groups: 3, days: 5, until: NOW, now });
    // No real key opens both; and its pages are long: what takes several of them would take as long.
    Object.assign(vendor.quirks, { keyOf: 'both', pageCap: 7 });
    return vendor;
  },
  options: { levels: ['team', 'organization'] },
  log: {
    stream: 'audit-logs',
    pageSize: 7,
    grain: 1,
    put(vendor, id, at) {
      const timestamp = new Date(at).toISOString();
      vendor.events.insert({ event_id: id, timestamp, event_type: 'login', event_data: {} });
    },
    remove: (vendor, id) => void vendor.events.remove(id),
    cap: (vendor) => void Object.assign(vendor.quirks, { hasNextPage: 'absent' }),
  },
  list: {
    stream: 'organization-members',
    add(vendor, n) {
      const email = `added.${n}@acme.test`;
      vendor.members.push({ id: n, name: `Added ${n}`, email, role: 'member', isRemoved: false });
    },
    remove: (vendor) => void vendor.members.shift(),
    count: ({ members }) => members.filter(({ isRemoved }) => !isRemoved).length,
  },
  membersByQuery: {},
});

vendorContract<AnthropicVendor>({
  vendor: anthropic,
  make(now) {
    const vendor = new AnthropicVendor({ events: 0, users: 6, days: 5, until: NOW, now });
    // Its pages are long: what takes several of them would take as long.
    Object.assign(vendor.quirks, { pageCap: 60 });
    return vendor;
  },
  options: {},
  log: {
    stream: 'audit-logs',
    pageSize: 60,
    grain: 1,
    put(vendor, id, at) {
      const created_at = new Date(at).toISOString();
      const of = { organization_id: null, organization_uuid: null };
      const actor = { type: 'system_actor', service: 'test' };
      vendor.feed.add({ id, created_at, ...of, type: 'sso_toggled', actor });
    },
    remove: (vendor, id) => void vendor.feed.remove(id),
    emptyFirst(vendor, pages) {
      const own = vendor.answer.bind(vendor);
      vendor.answer = (call) => {
        if (call.path !== '/v1/compliance/activities') return own(call);
        const after = call.params.get('after_id') ?? 'empty-0';
        const n = Number(/^empty-(\d+)$/.exec(after)?.[1] ?? pages);
        if (n < pages) {
          return jsonText(200, `{"data":[],"has_more":true,"last_id":"empty-${n + 1}"}`);
        }
        const params = new URLSearchParams(call.params);
        if (after === `empty-${pages}`) params.delete('after_id');
        return own({ ...call, params });
      };
    },
  },
  list: {
    stream: 'users',
    add(vendor, n) {
      const email = `added.${n}@acme.test`;
      const of = { email, name: `Added ${n}`, role: 'developer', added_at: '2026-06-01T00:00:00Z' };
      vendor.users.push({ id: `user_added_${n}`, type: 'user', ...of });
    },
    remove: (vendor) => void vendor.users.shift(),
    count: (vendor) => vendor.users.length,
  },
  membersByQuery: {
    'claude-code': 'starting_at',
    'enterprise-costs-users': 'starting_at',
    'enterprise-activity': 'date',
  },
  notReadyBy400: ['enterprise-costs-users', 'enterprise-activity'],
});

vendorContract<OpenaiVendor>({
  vendor: openai,
  make: (now) => new OpenaiVendor({ events: 0, users: 3, projects: 2, days: 3, until: NOW, now }),
  options: {
    projectRoleAssignments: true,
    parts: ['platform', 'chatgpt'],
    workspace: '7b0a1c9e-0000-4000-8000-0000000000ac',
    chatgptOrganization: 'org-acme',
    contentLogs: ['CODEX_LOG', 'CODEX_SECURITY_LOG', 'CUSTOM_AGENTS_LOG', 'CONVERSATION_MESSAGE'],
  },
  log: {
    stream: 'audit-logs',
    pageSize: 100,
    grain: 1_000,
    put(vendor, id, at) {
      const effective_at = Math.floor(at / 1000);
      vendor.add({ id, type: 'login.succeeded', effective_at, actor: null });
    },
    remove: (vendor, id) => void vendor.events.remove(id),
    emptyFirst(vendor, pages) {
      const own = vendor.answer.bind(vendor);
      vendor.answer = (call) => {
        if (call.path !== '/v1/organization/audit_logs') return own(call);
        const n = Number(/^empty-(\d+)$/.exec(call.params.get('after') ?? 'empty-0')?.[1] ?? pages);
        if (n < pages) {
          return jsonText(200, `{"data":[],"has_more":true,"last_id":"empty-${n + 1}"}`);
        }
        const params = new URLSearchParams(call.params);
        if (params.get('after') === `empty-${pages}`) params.delete('after');
        return own({ ...call, params });
      };
    },
  },
  list: {
    stream: 'users',
    add(vendor, n) {
      const id = `user-added-${String(n).padStart(4, '0')}`;
      const email = `added.${n}@acme.test`;
      vendor.directory.users.push({ id, name: `Added ${n}`, email, role: 'reader' });
    },
    remove: (vendor) => void vendor.directory.users.shift(),
    count: ({ directory }) => directory.users.length,
  },
  membersByQuery: {},
});

vendorContract<GithubVendor>({
  vendor: github,
  make(now) {
    const vendor = new GithubVendor({ events: 0, users: 6, teams: 4, days: 5, until: NOW, now });
    // Its pages are long: what takes several of them would take as long.
    Object.assign(vendor.quirks, { pageCap: 7 });
    return vendor;
  },
  options: {
    enterprise: 'acme',
    organization: 'acme-eng',
    usageRecords: true,
    agentRepositories: ['acme-eng/repo-1', 'acme-eng/repo-2'],
  },
  log: {
    stream: 'audit-logs',
    pageSize: 7,
    grain: 1,
    put: (vendor, id, at) =>
      vendor.events.add({ _document_id: id, '@timestamp': at, action: 'user.login' }),
    remove: (vendor, id) => vendor.events.remove(id),
    cap: (vendor) => void Object.assign(vendor.quirks, { pageCap: 3 }),
  },
  list: {
    stream: 'members',
    add(vendor, n) {
      const login = `added-${n}`;
      const email = `${login}@acme.test`;
      vendor.company.people.push({ id: 9_000_000 + n, login, email, name: login, isOwner: false });
    },
    remove: (vendor) => void vendor.company.people.shift(),
    count: ({ company }) => company.people.length,
  },
  membersByQuery: {},
});

/** One that lives in the tests alone, with paging that the others do not have. */
vendorContract<QuillVendor>({
  vendor: quill,
  make: (now) => new QuillVendor({ events: 0, now }),
  options: { workspace: 'acme' },
  log: {
    stream: 'audit-logs',
    pageSize: 20,
    grain: 1,
    put: (vendor, id, at) => vendor.log(id, at, 'session.opened'),
    remove(vendor, id) {
      const place = vendor.events.findIndex((event) => event.id === id);
      if (place >= 0) vendor.events.splice(place, 1);
    },
    emptyFirst(vendor, pages) {
      const own = vendor.answer.bind(vendor);
      vendor.answer = (call) => {
        const [, n] = /^empty-(\d+)$/.exec(call.query['page'] ?? 'empty-0') ?? [];
        if (call.path !== '/v1/audit' || n === undefined) return own(call);
        if (Number(n) < pages) {
          return jsonText(200, `{"events":[],"next_page":"empty-${Number(n) + 1}"}`);
        }
        const { page: _page, ...query } = call.query;
        return own({ ...call, query });
      };
    },
  },
  list: {
    stream: 'members',
    add(vendor, n) {
      const email = `added.${n}@acme.test`;
      vendor.members.push({
        id: `added-${n}`,
        name: `Added ${n}`,
        email,
        role: 'writer',
        state: 'here',
      });
    },
    remove: (vendor) => void vendor.members.shift(),
    count: (vendor) => vendor.members.length,
  },
  membersByQuery: {},
});
