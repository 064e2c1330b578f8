import { type Answer, json } from '../../../sandbox/answer.ts';
import { hash, pick } from '../../../sandbox/random.ts';
import { type Member, userId } from './directory.ts';
import { cut, readPaging } from './paging.ts';
import type { CursorState, Endpoint } from './state.ts';
import { DAY, dayOf, daysOf, expectRange, readTime } from './times.ts';

const MODELS = ['claude-5-sonnet', 'composer-2'];

/** What a metric says of one day: a row, or several that differ by what they are about. */
const METRICS: Record<string, (calls: number, draw: number) => object[]> = {
  'agent-edits': (calls) => [
    {
      total_suggested_diffs: calls * 4,
      total_accepted_diffs: calls * 3,
      total_lines_accepted: calls * 40,
    },
  ],
  tabs: (calls) => [{ total_suggestions: calls * 50, total_accepts: calls * 14 }],
  models: (calls) => [
    {
      model_breakdown: Object.fromEntries(
        MODELS.map((model, n) => [model, { messages: calls * (n + 1), users: 1 }]),
      ),
    },
  ],
  'top-file-extensions': (calls) =>
    ['ts', 'sql'].map((file_extension) => ({ file_extension, total_files: calls })),
  'client-versions': (_calls, draw) => [
    { client_version: pick(['3.1.0', '3.2.0'], draw), user_count: 1 },
  ],
  mcp: (calls) => [{ tool_name: 'query', mcp_server_name: 'warehouse', usage: calls }],
  commands: (calls) => [{ command_name: 'review', usage: calls }],
  plans: (calls) => MODELS.map((model) => ({ model, usage: calls })),
  skills: (calls) => [{ skill_name: 'release', usage: calls }],
  'ask-mode': (calls) => MODELS.map((model) => ({ model, usage: calls })),
};

/** The day has another name in one metric, and in that of people. */
function dated(metric: string, day: number, row: object): object {
  const name = metric === 'models' ? 'date' : 'event_date';
  return { [name]: dayOf(day), ...row };
}

function rowsOf(
  state: CursorState,
  metric: string,
  day: number,
  members: readonly Member[],
): object[] {
  const calls = members.reduce((sum, member) => sum + state.usage.calls(member, day), 0);
  const rows = METRICS[metric]?.(calls, hash(7, day / DAY)) ?? [];
  return calls === 0 ? [] : rows.map((row) => dated(metric, day, row));
}

/** Of days, whatever the time of day that is asked for. */
function daysAsked(state: CursorState, query: Readonly<Record<string, string>>): number[] {
  const now = state.clock();
  const from = readTime(query['startDate'] ?? '7d', now);
  const to = readTime(query['endDate'] ?? 'today', now);
  expectRange(from, to);
  return daysOf(from, Math.min(to, now));
}

/** Both may be 15 minutes old, and say of which content they are. */
const CACHED = { 'cache-control': 'public, max-age=900' };

export const teamAnalytics: Endpoint = (state, { query }, metric): Answer => {
  const days = daysAsked(state, query);
  const data =
    metric === 'dau'
      ? days.map((day) => ({
          date: dayOf(day),
          dau: state.members.filter((member) => state.usage.calls(member, day) > 0).length,
        }))
      : days.flatMap((day) => rowsOf(state, metric, day, state.members));
  return { ...json(200, { data, params: query }, data.length), headers: CACHED };
};

export const userAnalytics: Endpoint = (state, { query }, metric): Answer => {
  const days = daysAsked(state, query);
  const paging = readPaging(query, 100, 500);
  const { items, totalCount, ...numbers } = cut(state.members, paging);
  const data = Object.fromEntries(
    items.map((member) => [
      member.email,
      days.flatMap((day) => rowsOf(state, metric, day, [member])),
    ]),
  );
  const userMappings = items.map((member) => ({ id: userId(member), email: member.email }));
  const pagination = { ...paging, totalUsers: totalCount, ...numbers };
  return {
    ...json(200, { data, pagination, params: { ...query, userMappings } }, items.length),
    headers: CACHED,
  };
};
