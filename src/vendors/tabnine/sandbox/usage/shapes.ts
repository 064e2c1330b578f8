import { COST_UNITS } from './parts.ts';
import type { Tally, Wanted } from './tally.ts';

const COMPLETIONS = ['completions', 'charsCompleted', 'keystrokes', 'lines'];
const LINES = ['linesAdded', 'linesAddedAccepted', 'linesRemoved', 'linesRemovedAccepted'];
const V1_CHAT = ['interactions', 'usefulChatInteractions', 'lines', 'charsCompleted'];

/** A bucket of v1 without its bounds. */
export function v1Shape(tally: Tally): object {
  const of = (feature: string, counters: readonly string[]): Record<string, number> =>
    withUsers(tally, feature, counters);
  const written = tally.total('charsCompleted');
  const typed = tally.total('keystrokes');
  const completed = tally.total('charsCompleted', { feature: 'codeCompletions' });
  const useful = tally.total('usefulChatInteractions');
  const asked = tally.total('interactions', { feature: 'chat' });
  return {
    activeUsers: tally.users(),
    productivityFactor: ratio(written, written + typed),
    instruct: tally.totals(['acceptedCount']),
    codeCompletions: {
      ...of('codeCompletions', COMPLETIONS),
      automationFactor: ratio(completed, completed + typed),
    },
    chat: { ...of('chat', V1_CHAT), chatConsumptionRate: ratio(useful, asked) },
    agent: of('agent', ['interactions', ...LINES]),
    agentChat: of('agentChat', ['interactions']),
    agentAgent: of('agentAgent', ['interactions']),
  };
}

/** A bucket of v2 without its bounds; models are shown only for a whole range. */
export function v2Shape(tally: Tally, showsModels: boolean): object {
  const models = (feature: string): object =>
    showsModels ? { models: modelRows(tally, feature) } : {};
  return {
    activeUsers: tally.users(),
    codeCompletions: withUsers(tally, 'codeCompletions', COMPLETIONS),
    chat: { ...withUsers(tally, 'chat', ['messages', 'linesAdded']), ...models('chat') },
    agent: { ...withUsers(tally, 'agent', ['messages', ...LINES]), ...models('agent') },
  };
}

/** A point of agent usage without its bounds. */
export function agentShape(tally: Tally): object {
  const { tokensConsumed, inputTokens, outputTokens, cost } = consumption(tally, {});
  const types = ['cli', 'ide'].filter((feature) => tally.users({ feature }) > 0);
  return {
    activeUsers: tally.users(),
    totalTokensConsumed: tokensConsumed,
    totalInputTokens: inputTokens,
    totalOutputTokens: outputTokens,
    totalCost: cost,
    modelBreakdown: modelBreakdown(tally, {}),
    agentTypeBreakdown: types.map((feature) => ({
      agentType: feature,
      ...withUsers(tally, feature, ['interactions', ...LINES]),
      ...consumption(tally, { feature }),
      userInitiatedMessages: tally.total('userInitiatedMessages', { feature }),
      modelBreakdown: modelBreakdown(tally, { feature }),
    })),
  };
}

function withUsers(
  tally: Tally,
  feature: string,
  counters: readonly string[],
): Record<string, number> {
  return { activeUsers: tally.users({ feature }), ...tally.totals(counters, { feature }) };
}

function modelRows(tally: Tally, feature: string): object[] {
  return tally.models({ feature }).map((model) => ({
    model,
    messages: tally.total('messages', { feature, model }),
    uniqueUsers: tally.users({ feature, model }),
    ...tally.totals(['inputTokens', 'outputTokens'], { feature, model }),
  }));
}

function modelBreakdown(tally: Tally, wanted: Wanted): object[] {
  return tally
    .models(wanted)
    .map((model) => ({ model, ...consumption(tally, { ...wanted, model }) }));
}

function consumption(
  tally: Tally,
  wanted: Wanted,
): { tokensConsumed: number; inputTokens: number; outputTokens: number; cost: number } {
  const inputTokens = tally.total('inputTokens', wanted);
  const outputTokens = tally.total('outputTokens', wanted);
  const cost = tally.total('cost', wanted) / COST_UNITS;
  return { tokensConsumed: inputTokens + outputTokens, inputTokens, outputTokens, cost };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;
}
