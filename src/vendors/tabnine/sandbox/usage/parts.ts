import { uuid } from '../ids.ts';

/** The three series, which share neither names nor figures. */
export type Dataset = 'v1' | 'v2' | 'agent';

/** A number that is counted up. `previous` is a share of the counter before it. */
export type Counter = { readonly name: string; readonly most: number | 'previous' };

/** The least that figures are kept by. What an answer shows is a sum over parts, days and users. */
export type Part = {
  readonly feature: string;
  readonly model?: string;
  /** On how many of a hundred working days a user uses it. */
  readonly percent: number;
  readonly counters: readonly Counter[];
};

/** Costs are counted in millionths, so that sums are exact in whatever order they are made. */
export const COST_UNITS = 1_000_000;

const LINES: readonly Counter[] = [
  { name: 'linesAdded', most: 180 },
  { name: 'linesAddedAccepted', most: 'previous' },
  { name: 'linesRemoved', most: 60 },
  { name: 'linesRemovedAccepted', most: 'previous' },
];

const TOKENS: readonly Counter[] = [
  { name: 'inputTokens', most: 60_000 },
  { name: 'outputTokens', most: 9_000 },
];

const COMPLETIONS: readonly Counter[] = [
  { name: 'completions', most: 240 },
  { name: 'charsCompleted', most: 9_000 },
  { name: 'keystrokes', most: 12_000 },
  { name: 'lines', most: 300 },
];

const V1_CHAT: readonly Counter[] = [
  { name: 'interactions', most: 24 },
  { name: 'usefulChatInteractions', most: 'previous' },
  { name: 'lines', most: 90 },
  { name: 'charsCompleted', most: 3_000 },
];

const INTERACTIONS: Counter = { name: 'interactions', most: 16 };
const MESSAGES: Counter = { name: 'messages', most: 20 };

// v2 names models by ids of its own that no other endpoint explains.
const MODEL_IDS = [0, 1, 2].map((place) => uuid(6, 'model', place));
const MODEL_NAMES = ['claude-sonnet-4', 'gpt-4.1', 'gemini-2.5-pro'];
const PERCENTS = [45, 25, 10];

/** What each series counts. The first part is used on every working day. */
export const PARTS: Readonly<Record<Dataset, readonly Part[]>> = {
  v1: [
    { feature: 'codeCompletions', percent: 100, counters: COMPLETIONS },
    { feature: 'chat', percent: 60, counters: V1_CHAT },
    { feature: 'agent', percent: 30, counters: [INTERACTIONS, ...LINES] },
    { feature: 'instruct', percent: 15, counters: [{ name: 'acceptedCount', most: 6 }] },
    { feature: 'agentChat', percent: 20, counters: [INTERACTIONS] },
    { feature: 'agentAgent', percent: 20, counters: [INTERACTIONS] },
  ],
  v2: [
    { feature: 'codeCompletions', percent: 100, counters: COMPLETIONS },
    ...byModel('chat', MODEL_IDS, [MESSAGES, { name: 'linesAdded', most: 70 }, ...TOKENS]),
    ...byModel('agent', MODEL_IDS, [MESSAGES, ...LINES, ...TOKENS]),
  ],
  agent: [...agentParts('ide', 100), ...agentParts('cli', 25)],
};

function byModel(feature: string, models: string[], counters: Counter[]): Part[] {
  return models.map((model, place) => ({
    feature,
    model,
    percent: PERCENTS[place] ?? 0,
    counters,
  }));
}

function agentParts(agentType: string, percent: number): Part[] {
  const counters = [
    INTERACTIONS,
    ...LINES,
    ...TOKENS,
    { name: 'cost', most: 2 * COST_UNITS },
    { name: 'userInitiatedMessages', most: 12 },
  ];
  return byModel(agentType, MODEL_NAMES, counters).map((part, place) =>
    place === 0 ? { ...part, percent } : part,
  );
}
