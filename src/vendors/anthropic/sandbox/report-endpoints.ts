import { type Answer, json } from '../../../sandbox/answer.ts';
import { refuse } from './errors.ts';
import { readToken, tokenOf } from './lists.ts';
import { expectKnown, readInstant, readLimit, requiredInstant } from './parameters.ts';
import type { Inquiry } from './state.ts';
import type { Used } from './usage-book.ts';

const DAY = 86_400_000;
const REPORT = ['starting_at', 'ending_at', 'bucket_width', 'limit', 'page', 'group_by[]'];

const USAGE_GROUPS = [
  'account_id',
  'api_key_id',
  'context_window',
  'inference_geo',
  'model',
  'service_account_id',
  'service_tier',
  'workspace_id',
];

type Result = Record<string, unknown>;

/** Tokens per day. What is not grouped by is null. */
export function usageReport(inquiry: Inquiry): Answer {
  return report(inquiry, USAGE_GROUPS, (used, groups) =>
    merged(used, groups, usageDims, (all) => ({
      uncached_input_tokens: sum(all, ({ input }) => input),
      cache_read_input_tokens: sum(all, ({ cached }) => cached),
      cache_creation: {
        ephemeral_1h_input_tokens: 0,
        ephemeral_5m_input_tokens: sum(all, ({ written }) => written),
      },
      output_tokens: sum(all, ({ output }) => output),
      server_tool_use: { web_search_requests: sum(all, ({ searches }) => searches) },
    })),
  );
}

function usageDims(used: Used): Record<string, string | null> {
  return {
    account_id: used.account,
    api_key_id: used.key?.id ?? null,
    context_window: '0-200k',
    inference_geo: 'not_available',
    model: used.model,
    service_account_id: null,
    service_tier: 'standard',
    workspace_id: used.workspace,
  };
}

/** What is billed per day: decimal texts in cents. */
export function costReport(inquiry: Inquiry): Answer {
  return report(inquiry, ['workspace_id', 'description'], (used, groups) =>
    merged(used, groups, costDims, (all) => ({
      amount: sum(all, ({ price, input, output }) => price * (input + 5 * output)).toFixed(5),
      currency: 'USD',
    })),
  );
}

function costDims(used: Used): Record<string, string | null> {
  return {
    workspace_id: used.workspace,
    description: `${used.model} Usage - Input Tokens`,
    cost_type: 'tokens',
    token_type: 'uncached_input_tokens',
    model: used.model,
    service_tier: 'standard',
    context_window: '0-200k',
    inference_geo: null,
  };
}

/** Buckets, oldest first, with those in which there was nothing. */
export function report(
  inquiry: Inquiry,
  groups: readonly string[],
  resultsOf: (used: Used[], groups: readonly string[]) => Result[],
  more: Record<string, unknown> = {},
): Answer {
  const { state, params } = inquiry;
  expectKnown(inquiry, REPORT);
  const limit = readLimit(inquiry, 7, state.quirks.dayLimit);
  const asked = params.getAll('group_by[]');
  for (const name of asked) {
    if (groups.includes(name) && !state.quirks.unknownGroups.includes(name)) continue;
    refuse(400, `group_by: ${name} is not a dimension`);
  }
  const now = state.clock();
  const start = Math.floor(requiredInstant(params, 'starting_at') / DAY) * DAY;
  const end = readInstant(params, 'ending_at') ?? now + DAY;
  const token = params.get('page');
  const [first = start] = token === null ? [start] : readToken(token);
  const isBefore = (at: number): boolean => (state.quirks.endInclusive ? at <= end : at < end);
  const days: number[] = [];
  for (let day = first; isBefore(day + DAY) && days.length <= limit; day += DAY) days.push(day);
  const next = days[limit];
  const data = days.slice(0, limit).map((day) => ({
    starting_at: stamp(day),
    ending_at: stamp(day + DAY),
    results: resultsOf(state.usage.usedOn(day, now), asked),
  }));
  const next_page = next === undefined ? null : tokenOf(next);
  return json(200, { data, has_more: next !== undefined, next_page, ...more }, data.length);
}

/** One result for each combination of what it is grouped by. */
export function merged(
  used: readonly Used[],
  groups: readonly string[],
  dims: (used: Used) => Record<string, string | null>,
  figures: (all: Used[]) => Result,
): Result[] {
  const byDims = new Map<string, Used[]>();
  for (const one of used) {
    const all = dims(one);
    const isBill = groups.includes('description');
    const kept = Object.entries(all).map(([name, value]) => {
      const isOfBill = isBill && name !== 'workspace_id';
      return [name, groups.includes(name) || isOfBill ? value : null];
    });
    const key = JSON.stringify(Object.fromEntries(kept));
    byDims.set(key, [...(byDims.get(key) ?? []), one]);
  }
  return [...byDims].map(([key, all]) => ({ ...(JSON.parse(key) as Result), ...figures(all) }));
}

export function sum(all: readonly Used[], of: (used: Used) => number): number {
  return all.reduce((total, used) => total + of(used), 0);
}

function stamp(at: number): string {
  return new Date(at).toISOString().replace('.000', '');
}
