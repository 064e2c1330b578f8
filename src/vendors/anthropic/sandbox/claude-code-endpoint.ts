import { type Answer } from '../../../sandbox/answer.ts';
import { refuse } from './errors.ts';
import { listByToken } from './lists.ts';
import { expectKnown, readLimit } from './parameters.ts';
import type { Inquiry } from './state.ts';
import type { Worked } from './usage-book.ts';

/** One day at a time. Somebody has a row for each terminal. */
export function claudeCodeReport(inquiry: Inquiry): Answer {
  const { state, params } = inquiry;
  expectKnown(inquiry, ['starting_at', 'limit', 'page']);
  const limit = readLimit(inquiry, 20, 1000);
  const day = params.get('starting_at') ?? '';
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) refuse(400, 'starting_at: Input should be a date');
  const worked = state.usage.workedOn(Date.parse(day), state.clock());
  const rows = worked.map((row) => rowOf(row, day, state.organizationId));
  const [firstKey] = state.apiKeys;
  if (firstKey !== undefined && worked.length > 0) {
    const row = rowOf(
      { ...(worked[0] as Worked), terminal: 'non-interactive' },
      day,
      state.organizationId,
    );
    rows.push({ ...row, actor: { type: 'api_actor', api_key_name: firstKey.name } });
  }
  if (state.quirks.alikeRows) rows.push(...rows.slice(0, 1));
  return listByToken(inquiry, rows, { limit });
}

function rowOf(
  { email, terminal, isRemote, model, draw }: Worked,
  day: string,
  organization: string,
) {
  const tool = { accepted: draw % 20, rejected: draw % 3 };
  return {
    date: `${day}T00:00:00Z`,
    actor: { type: 'user_actor', email_address: email } as Record<string, string>,
    organization_id: organization,
    customer_type: 'api',
    subscription_type: null,
    terminal_type: terminal,
    is_remote: isRemote,
    core_metrics: {
      num_sessions: 1 + (draw % 4),
      lines_of_code: { added: draw, removed: draw % 70 },
      commits_by_claude_code: draw % 5,
      pull_requests_by_claude_code: draw % 2,
    },
    tool_actions: { edit_tool: tool, write_tool: tool },
    model_breakdown: [
      {
        model,
        tokens: {
          input: draw * 100,
          output: draw * 20,
          cache_read: draw * 300,
          cache_creation: draw,
        },
        estimated_cost: { amount: draw + 0.5, currency: 'USD' },
      },
    ],
  };
}
