import { type Answer, json } from '../../../sandbox/answer.ts';
import { hash, pick } from '../../../sandbox/random.ts';
import { refuse } from './errors.ts';
import { listByToken } from './lists.ts';
import { expectKnown, readInstant, readLimit, requiredInstant } from './parameters.ts';
import { merged, report, sum } from './report-endpoints.ts';
import type { AnthropicState, Inquiry } from './state.ts';
import type { Used } from './usage-book.ts';

const DAY = 86_400_000;
const GROUPS = ['product', 'model'];
const PRODUCTS = ['chat', 'claude_code', 'cowork'];

/** Days of an Enterprise organization: a hundred groups at most. */
export function enterpriseUsage(inquiry: Inquiry): Answer {
  return analyticsReport(inquiry, (all) => ({
    requests: all.length,
    uncached_input_tokens: sum(all, ({ input }) => input),
    output_tokens: sum(all, ({ output }) => output),
  }));
}

/** Amounts are decimal texts in cents, with fractions. */
export function enterpriseCosts(inquiry: Inquiry): Answer {
  return analyticsReport(inquiry, (all) => {
    const cents = sum(all, ({ price, input, output }) => price * (input + 5 * output));
    return { amount: cents.toFixed(6), list_amount: (cents * 1.25).toFixed(6), currency: 'USD' };
  });
}

function analyticsReport(inquiry: Inquiry, figures: (all: Used[]) => object): Answer {
  const { state, params } = inquiry;
  const { quirks } = state;
  const start = requiredInstant(params, 'starting_at');
  const end = readInstant(params, 'ending_at') ?? state.clock();
  if (end - start > 31 * DAY) refuse(400, 'starting_at: at most 31 days can be asked for');
  if (start < Date.UTC(2026, 0)) refuse(400, 'starting_at: there is no data before 2026-01-01');
  if (params.has('page') && quirks.expiringTokens > 0) {
    quirks.expiringTokens -= 1;
    refuse(410, 'page: the data was refreshed, start again');
  }
  const refreshed = quirks.notCounted ? null : new Date(state.clock()).toISOString();
  const resultsOf = (used: Used[], groups: readonly string[]) =>
    quirks.notCounted
      ? []
      : merged(used, groups, dimsOf, (all) => ({ ...figures(all) })).slice(0, 100);
  return report(inquiry, GROUPS, resultsOf, { data_refreshed_at: refreshed });
}

function dimsOf(used: Used): Record<string, string | null> {
  return { product: productOf(used), model: used.model };
}

function productOf(used: Used | undefined): string {
  return pick(PRODUCTS, used?.account?.codePointAt(9) ?? 0);
}

/** What each person cost in a window, by product. */
export function costsOfPeople(inquiry: Inquiry): Answer {
  const { state, params } = inquiry;
  expectKnown(inquiry, ['starting_at', 'ending_at', 'limit', 'page', 'group_by[]']);
  const limit = readLimit(inquiry, 20, 1000);
  const day = requiredInstant(params, 'starting_at');
  const byPerson = new Map<string, Used[]>();
  for (const used of state.usage.usedOn(day, state.clock())) {
    const person = used.account ?? '';
    byPerson.set(person, [...(byPerson.get(person) ?? []), used]);
  }
  const rows = [...byPerson].map(([user_id, all]) => {
    const user = state.users.find(({ id }) => id === user_id);
    const cents = sum(all, ({ price, input, output }) => price * (input + 5 * output));
    return {
      starting_at: new Date(day).toISOString(),
      ending_at: new Date(day + DAY).toISOString(),
      actor: { user_id, email: user?.email ?? null, name: user?.name, deleted: user === undefined },
      product: productOf(all[0]),
      amount: cents.toFixed(6),
      list_amount: cents.toFixed(6),
      currency: 'USD',
    };
  });
  return listByToken(inquiry, rows, { limit });
}

/** What each person did on a day, once it has been counted. */
export function activityOfPeople(inquiry: Inquiry): Answer {
  const { state, params } = inquiry;
  expectKnown(inquiry, ['date', 'limit', 'page']);
  const limit = readLimit(inquiry, 100, 1000);
  const day = params.get('date') ?? '';
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) refuse(400, 'date: Input should be a date');
  expectReady(state, Date.parse(day));
  const rows = state.users.map(({ id, email }, n) => {
    const draw = hash(n + 5, Date.parse(day) / DAY);
    return {
      date: day,
      user: { id, email_address: email },
      chat_metrics: { message_count: draw % 40, conversation_count: draw % 5 },
      claude_code_metrics: {
        core_metrics: { commit_count: draw % 4, lines_of_code: { added_count: draw % 300 } },
      },
      web_search_count: draw % 3,
    };
  });
  return listByToken(inquiry, rows, { limit });
}

export function summaries(inquiry: Inquiry): Answer {
  const { state, params } = inquiry;
  expectKnown(inquiry, ['starting_date', 'ending_date']);
  const start = requiredInstant(params, 'starting_date');
  const end = readInstant(params, 'ending_date') ?? start;
  expectReady(state, end);
  const days = Array.from(
    { length: Math.floor((end - start) / DAY) + 1 },
    (_, n) => start + n * DAY,
  );
  const rows = days.map((day) => ({
    date: new Date(day).toISOString().slice(0, 10),
    daily_active_user_count: 1 + (hash(9, day / DAY) % state.users.length),
    assigned_seat_count: state.users.length,
    pending_invite_count: state.invites.length,
  }));
  return json(200, { summaries: rows }, rows.length);
}

/** The figures of a day are made at ten the next morning, or later. */
function expectReady(state: AnthropicState, day: number): void {
  const newest = Math.floor((state.clock() - 10 * 3_600_000) / DAY) * DAY - DAY;
  const served = newest - state.quirks.daysBehind * DAY;
  if (day > served) {
    refuse(
      400,
      `date: the newest day that is available is ${new Date(served).toISOString().slice(0, 10)}`,
    );
  }
}

export function spendLimits(inquiry: Inquiry): Answer {
  const { state } = inquiry;
  expectKnown(inquiry, ['period[]', 'user_ids[]', 'limit', 'page']);
  const limits = state.users.slice(0, 3).map(({ id, email }, n) => ({
    scope: { type: 'user' },
    actor: { type: 'user', user_id: id, email_address: email },
    period: 'monthly',
    amount: n === 0 ? null : '5000',
    currency: 'USD',
    period_to_date_spend: `${hash(n, Math.floor(state.clock() / DAY)) % 4000}.25`,
    source: 'user',
    spend_limit_id: n === 0 ? null : `spend_limit_01${n}`,
  }));
  return listByToken(inquiry, limits, { limit: 20 });
}
