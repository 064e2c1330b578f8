import { type Answer, type Call, json } from '../../../sandbox/answer.ts';
import { fraction, hash } from '../../../sandbox/random.ts';
import { notFound, refusal } from './errors.ts';
import type { GithubState } from './state.ts';

const DAY = 86_400_000;
/** Of which teams there is a report from then on. */
const FIRST_TEAMS = Date.UTC(2026, 4, 14);
/** A report is made anew for so long. */
const RESTATED_FOR = 3 * DAY;

type Kind = 'total' | 'users' | 'repos' | 'user-teams';

/** Where the files of a report of one day are: behind links to another host, which are good once. */
export function report(kind: Kind, scope: 'enterprise' | 'organization') {
  return (state: GithubState, call: Call): Answer => {
    const { quirks, files, seed } = state;
    const now = state.clock();
    if (quirks.metricsPolicyOff) return notFound();
    const day = Date.parse(`${call.query['day'] ?? ''}T00:00:00Z`);
    if (Number.isNaN(day)) return refusal(422, 'Validation Failed');
    const isTooOld = now > day + 365 * DAY || (kind === 'user-teams' && day < FIRST_TEAMS);
    if (now < day + DAY + quirks.reportAfter || isTooOld) {
      if (quirks.notReady === '204') return { status: 204, type: 'application/json', body: '' };
      if (quirks.notReady === 'empty')
        return json(200, { download_links: [], report_day: call.query['day'] });
      return notFound();
    }
    const rows = rowsOf(kind, state, day, scope);
    const shards = kind === 'users' ? quirks.shards : 1;
    const links = Array.from({ length: shards }, (_, shard) => {
      const signature = `sig${hash(seed + files.size, shard).toString(36)}${files.size}xQ`;
      const own = rows.filter((_row, n) => n % shards === shard);
      files.set(signature, () => bodyOf(own, quirks.reportShape));
      // The same server by another name: to whom a token is not to be sent.
      const elsewhere = call.base.replace('127.0.0.1', 'localhost');
      return `${elsewhere}/report-files/${kind}-${day}-${shard}.json?sig=${signature}`;
    });
    return json(200, { download_links: links, report_day: call.query['day'] }, links.length);
  };
}

/** A file of a report. As storage does, it refuses whoever sends a token. */
export function reportFile(state: GithubState, call: Call): Answer {
  const { quirks, files } = state;
  if (call.headers['authorization'] !== undefined)
    return storageError(400, 'InvalidAuthenticationInfo');
  const make = files.get(call.query['sig'] ?? '');
  if (make === undefined) return storageError(403, 'AuthenticationFailed');
  if (quirks.expiredLinks > 0) {
    quirks.expiredLinks -= 1;
    return storageError(403, `AuthenticationFailed: ${call.query['sig']} has run out`);
  }
  return { status: 200, type: 'application/octet-stream', body: make() };
}

function storageError(status: number, code: string): Answer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;
  return { status, type: 'application/xml', body };
}

function bodyOf(rows: readonly object[], shape: 'object' | 'array' | 'ndjson'): string {
  if (shape === 'array') return JSON.stringify(rows);
  if (shape === 'object' && rows.length === 1) return JSON.stringify(rows[0], null, 2);
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Figures of the last days are lower: they are still being counted. */
function counted(figure: number, state: GithubState, day: number): number {
  return state.clock() < day + DAY + RESTATED_FOR ? Math.floor(figure * 0.9) : figure;
}

function userRows(state: GithubState, day: number, scope: string): object[] {
  const { company, seed } = state;
  const date = new Date(day).toISOString().slice(0, 10);
  const active = company.people.filter(({ id }) => hash(seed + day / DAY, id) % 4 !== 0);
  return active.map(({ id, login }) => {
    const of = (salt: number, most: number): number =>
      counted(hash(seed + salt + day / DAY, id) % most, state, day);
    const asked = of(1, 60);
    return {
      day: date,
      [`${scope}_id`]: String(
        scope === 'enterprise' ? company.enterprise.id : company.organization.id,
      ),
      user_id: id,
      user_login: login,
      user_initiated_interaction_count: asked,
      code_generation_activity_count: of(2, 80),
      code_acceptance_activity_count: of(3, 40),
      loc_added_sum: of(4, 400),
      totals_by_ide: [
        {
          ide: 'vscode',
          user_initiated_interaction_count: asked,
          last_known_ide_version: { ide_version: '1.99.0', sampled_at: `${date}T10:00:00Z` },
        },
      ],
      totals_by_feature: [
        { feature: 'chat_panel_agent_mode', user_initiated_interaction_count: asked },
      ],
      totals_by_language_model: [
        { language: 'python', model: 'gpt-5', code_generation_activity_count: of(2, 80) },
      ],
      totals_by_model_feature: [
        {
          model: 'gpt-5',
          feature: 'chat_panel_agent_mode',
          user_initiated_interaction_count: asked,
        },
      ],
      totals_by_cli: {
        session_count: of(5, 5),
        token_usage: { prompt_tokens_sum: of(6, 9_000), output_tokens_sum: of(7, 3_000) },
      },
      used_agent: asked > 20,
      used_chat: true,
      ai_credits_used: Math.round(fraction(seed + 8 + day / DAY, id) * 4_000) / 100,
    };
  });
}

function teamRows({ company }: GithubState, day: number, scope: string): object[] {
  const { enterprise, organization, teams, enterpriseTeams, people } = company;
  const date = new Date(day).toISOString().slice(0, 10);
  const isOfEnterprise = scope === 'enterprise';
  return (isOfEnterprise ? enterpriseTeams : teams).flatMap(({ id, slug, members }) =>
    people
      .filter((person) => members.includes(person.id))
      .map((person) => ({
        day: date,
        [`${scope}_id`]: String(isOfEnterprise ? enterprise.id : organization.id),
        user_id: person.id,
        user_login: person.login,
        team_id: id,
        slug,
      })),
  );
}

function totalRow(state: GithubState, day: number, scope: string): object {
  const { company } = state;
  const rows = userRows(state, day, scope) as { user_initiated_interaction_count: number }[];
  return {
    day: new Date(day).toISOString().slice(0, 10),
    [`${scope}_id`]: String(
      scope === 'enterprise' ? company.enterprise.id : company.organization.id,
    ),
    daily_active_users: rows.length,
    user_initiated_interaction_count: rows.reduce(
      (sum, row) => sum + row.user_initiated_interaction_count,
      0,
    ),
    pull_requests: { total_created: rows.length % 5, median_minutes_to_merge: 42.5 },
  };
}

function rowsOf(kind: Kind, state: GithubState, day: number, scope: string): object[] {
  if (kind === 'users') return userRows(state, day, scope);
  if (kind === 'user-teams') return teamRows(state, day, scope);
  if (kind === 'total') return [totalRow(state, day, scope)];
  const date = new Date(day).toISOString().slice(0, 10);
  return [1, 2].map((n) => ({
    day: date,
    repository_id: 40_000 + n,
    repository_name: `acme-eng/repo-${n}`,
    pull_requests: { total_created: counted(n * 10, state, day), created_by_copilot: n },
  }));
}
