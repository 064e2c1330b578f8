import { type Answer, json } from '../../../sandbox/answer.ts';
import { problem } from './errors.ts';
import { readToken, tokenOf } from './lists.ts';
import { expectKnown, readLimit } from './parameters.ts';
import type { Inquiry } from './state.ts';

const FAMILIES = [['claude-opus-5', 'claude-opus-5-20260801'], ['claude-sonnet-5']];

/** Of each group of models, and of two other parts of the API. */
export function rateLimits(inquiry: Inquiry): Answer {
  const ofModels = FAMILIES.map((models, place) => limit('model_group', models, 4_000 >> place));
  return listed(inquiry, [...ofModels, limit('batch', null, 2_000), limit('files', null, 500)]);
}

/** Only what a workspace has of its own: the first one has something. */
export function workspaceRateLimits(inquiry: Inquiry): Answer {
  const { workspaces } = inquiry.state;
  const place = workspaces.findIndex(({ id }) => id === inquiry.id);
  if (place < 0) return problem(404, 'workspace not found');
  return listed(inquiry, place === 0 ? [limit('model_group', FAMILIES[0] ?? null, 100)] : []);
}

function limit(group_type: string, models: readonly string[] | null, value: number): object {
  return {
    type: 'rate_limit',
    group_type,
    models,
    limits: [{ type: 'requests_per_minute', value }],
  };
}

/** There is no `has_more`. */
function listed(inquiry: Inquiry, items: readonly object[]): Answer {
  expectKnown(inquiry, ['page', 'limit', 'group_type', 'model']);
  const { params, state } = inquiry;
  const token = params.get('page');
  const [place = 0] = token === null ? [0] : readToken(token);
  const most = Math.min(readLimit(inquiry, 1_000, 1_000), state.quirks.pageCap ?? 1_000);
  const page = items.slice(place, place + most);
  const next = place + page.length;
  return json(
    200,
    { data: page, next_page: next < items.length ? tokenOf(next, 0) : null },
    page.length,
  );
}
