import {
  date,
  instant,
  type LakeOptions,
  like,
  number,
  SEQ,
  SOURCE,
  type Table,
  text,
  view,
} from './table.ts';

const FIGURE = {
  ...SOURCE,
  vendor: text('who the account is with'),
  organization_id: text('the organization it belongs to, where it is about one'),
  dataset: text('which API counted. Each counts differently: never add one to another'),
  scope: text(
    'what it is about: `enterprise`, `organization`, `workspace`, `project`, `team`, `user`, `service_user`, `api_key` …',
  ),
  scope_id: text("the vendor's id of what it is about"),
  scope_name: text(
    'the name of what it is about, as observed at or before the period, else the earliest known',
  ),
  period_start: instant('begin of the period; of a `snapshot` the moment of reading'),
  period_end: instant('end of the period, which is not part of it; a `snapshot` has none'),
  granularity: text(
    '`daily`, `weekly`, `monthly`, `snapshot`; `all` for figures per model, which are read day by day',
  ),
  tool: text('what was used, where the vendor splits by it; null for all of them'),
  model: text('which model, where the vendor splits by it; null for all of them'),
  metric: text("the vendor's path in snake case, for example `code_completions.chars_completed`"),
  value: number('the number. A zero is a zero; what the vendor left out is no row'),
  unit: text(
    '`users`, `tokens`, a currency such as `USD`, `cost` (no currency stated), `chars`, `lines`, `ACU`, `ratio`, `count`',
  ),
  observed_at: instant('when this value was read first'),
  ...SEQ,
};

const FIGURE_NAMES = [
  'dataset',
  'scope',
  'scope_id',
  'granularity',
  'tool',
  'model',
  'metric',
  'unit',
];

/** What speaks of no period lies where it was read. */
const PERIOD_START = `if(f.granularity = 'snapshot', f.observed_at, f.period_start) as period_start`;

/** @param which of the figures are rows of the table */
function lake(which: string): LakeOptions {
  return {
    order:
      'period_start, period_end, dataset, scope, scope_id, granularity, tool, model, metric, observed_at, seq, value, unit, scope_name',
    widest: 'dataset',
    rows: `(select f.source, ${PERIOD_START}, f.seq from internal.figures f where ${which})`,
    changed: `
    select f.source, ${PERIOD_START}
    from internal.figures f join learned l on l.source = f.source and l.entity_id = f.scope_id
    where ${which} and coalesce(f.period_start, f.observed_at) >= l.since`,
  };
}

const USAGE_METRICS = view('usage_metrics', 'One figure about one period, with its newest value.', {
  columns: FIGURE,
  key: ['source', 'period_start', 'period_end', ...FIGURE_NAMES],
  time: 'period_start',
  lake: lake('f.latest and f.value is not null'),
  delivery: {
    uid: 'row_uid',
    time: 'period_start',
    clustering: ['source', 'dataset', 'metric'],
    formats: ['auditlake'],
    isDefault: false,
    from: 'internal.figures',
    bytes: '200',
  },
});

const USAGE_METRICS_HISTORY = view(
  'usage_metrics_history',
  'One value of a figure about one period, as it was observed.',
  {
    columns: like('usage_metrics', FIGURE, Object.keys(FIGURE)),
    key: ['source', 'period_start', 'period_end', ...FIGURE_NAMES, 'seq'],
    time: 'period_start',
    lake: lake('f.value is not null'),
  },
);

const TEAM_ACTIVITY = view('team_activity', 'What one team did on one day.', {
  columns: {
    ...SOURCE,
    team_id: text('which team'),
    team_name: text('its name'),
    day: date('the UTC day'),
    active_users: number('distinct people; cannot be added'),
    completions: number('code completions'),
    chat_messages: number('messages in chats'),
    agent_messages: number('messages to agents'),
    agent_lines_added: number('lines that an agent proposed'),
    agent_lines_accepted: number('those of them that were accepted'),
    acceptance: number('accepted / added; null if nothing was added'),
  },
  key: ['source', 'team_id', 'day'],
});

const MODEL_USAGE = view(
  'model_usage',
  'What one model was used for on one day, in the whole organization.',
  {
    columns: {
      ...SOURCE,
      day: date('the UTC day'),
      dataset: text('which API counted: filter by it, never add across it'),
      activity: text('what it was used for, such as `chat` or `agent`'),
      model: text("which model, in the dataset's words"),
      messages: number('messages'),
      unique_users: number('distinct people; cannot be added'),
      input_tokens: number('tokens read'),
      output_tokens: number('tokens written'),
      tokens: number('tokens in all'),
      cost: number('what it cost; no currency is stated'),
    },
    key: ['source', 'day', 'dataset', 'activity', 'model'],
  },
);

export const USAGE: readonly Table[] = [
  USAGE_METRICS,
  USAGE_METRICS_HISTORY,
  TEAM_ACTIVITY,
  MODEL_USAGE,
];
