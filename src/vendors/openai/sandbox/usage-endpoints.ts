import { type Answer, json } from '../../../sandbox/answer.ts';
import { refuse } from './errors.ts';
import { readInteger } from './parameters.ts';
import type { Quirks } from './quirks.ts';
import type { Inquiry } from './state.ts';
import type { Use } from './usage-book.ts';

const DAY = 86_400;

type Figures = Readonly<Record<string, unknown>>;

/** What a kind of use has of one use; null where it has none. */
type Measure = (use: Use) => Figures | null;

const MEASURES: Readonly<Record<string, Measure>> = {
  completions: (use) => ({
    input_tokens: use.requests * 1_200,
    input_cached_tokens: use.requests * 400,
    input_uncached_tokens: use.requests * 800,
    output_tokens: use.requests * 300,
    num_model_requests: use.requests,
    batch: false,
    service_tier: 'default',
  }),
  embeddings: ({ requests, model }) =>
    model.startsWith('o6') ? { input_tokens: requests * 90, num_model_requests: requests } : null,
  images: ({ requests }) =>
    requests % 7 === 0
      ? { images: requests, num_model_requests: requests, size: '1024x1024', source: null }
      : null,
  web_search_calls: ({ requests }) =>
    requests % 5 === 0
      ? { num_requests: requests, num_model_requests: requests, context_level: 'low' }
      : null,
  vector_stores: ({ requests }) => ({ usage_bytes: requests * 1_024 }),
};

/** Use of one kind, per day and whatever it is grouped by. */
export function usage(kind: string): (inquiry: Inquiry) => Answer {
  const measure = MEASURES[kind] ?? (() => null);
  return (inquiry) => {
    const { usage: book, quirks } = inquiry.state;
    return days(inquiry, 31, (day, now) => {
      if (quirks.usageHidden) return [];
      return book.of(day, now).flatMap((use) => {
        const figures = measure(use);
        const { requests: _, ...dimensions } = use;
        return figures === null ? [] : [{ ...dimensions, ...figures }];
      });
    });
  };
}

/** What is billed: two line items per model. */
export function costs(inquiry: Inquiry): Answer {
  const { usage: book, quirks } = inquiry.state;
  return days(inquiry, 180, (day, now) =>
    book.of(day, now).flatMap(({ project_id, api_key_id, model, requests }) =>
      ['input', 'output'].map((side, n) => {
        const value = (requests * (n + 1)) / 1_000;
        return {
          amount: { value: quirks.amounts === 'text' ? String(value) : value, currency: 'usd' },
          line_item: `${model}, ${side}`,
          project_id,
          api_key_id,
          quantity: requests,
          quantity_unit: 'tokens',
        };
      }),
    ),
  );
}

function days(
  { state, params }: Inquiry,
  most: number,
  figuresOf: (day: number, now: number) => Figures[],
): Answer {
  const { quirks } = state;
  const start = readInteger(params, 'start_time', 0, Number.MAX_SAFE_INTEGER);
  if (start === undefined) refuse('start_time', "Missing required parameter: 'start_time'.");
  const width = params.get('bucket_width') ?? '1d';
  if (width !== '1d') refuse('bucket_width', `Unsupported bucket_width: '${width}'.`);
  const limit = readInteger(params, 'limit', 1, most) ?? 7;
  const now = state.seconds();
  const end = readInteger(params, 'end_time', 0, Number.MAX_SAFE_INTEGER) ?? now;
  const first = readPage(params) ?? Math.floor((start ?? 0) / DAY) * DAY;
  const dimensions = readDimensions(params, quirks);
  const data: object[] = [];
  let day = first;
  for (; day < end && data.length < limit; day += DAY) {
    const results = grouped(figuresOf(day, now), dimensions);
    if (results.length > 0 || quirks.emptyDays === 'present') {
      data.push(...bucketsOf(day, results, quirks));
    }
  }
  const has_more = day < end;
  const next_page = has_more ? `page_${Buffer.from(String(day)).toString('base64url')}` : null;
  return json(200, { object: 'page', data, has_more, next_page }, data.length);
}

function bucketsOf(day: number, results: Figures[], { daysInParts }: Quirks): object[] {
  const bucket = { object: 'bucket', start_time: day, end_time: day + DAY };
  const half = Math.ceil(results.length / 2);
  if (!daysInParts || results.length < 2) return [{ ...bucket, results }];
  return [results.slice(0, half), results.slice(half)].map((part) => ({
    ...bucket,
    results: part,
  }));
}

function readPage(params: URLSearchParams): number | undefined {
  const page = params.get('page');
  if (page === null) return undefined;
  return Number(Buffer.from(page.replace(/^page_/, ''), 'base64url').toString('utf8'));
}

function readDimensions(params: URLSearchParams, { listForm, otherForm }: Quirks): string[] {
  const [plain, brackets] = [params.getAll('group_by'), params.getAll('group_by[]')];
  if (listForm === 'both') return [...plain, ...brackets];
  const [taken, other] = listForm === 'plain' ? [plain, brackets] : [brackets, plain];
  if (other.length > 0 && otherForm === 'rejected') refuse('group_by', 'Unknown parameter.');
  return taken;
}

/** The figures with equal dimensions are added up; a dimension that was not asked for is null. */
function grouped(figures: readonly Figures[], dimensions: readonly string[]): Figures[] {
  const sums = new Map<string, Record<string, unknown>>();
  for (const figure of figures) {
    const shown: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(figure)) {
      shown[name] =
        isNumber(value) || name === 'amount' || dimensions.includes(name) ? value : null;
    }
    const key = JSON.stringify(dimensions.map((name) => shown[name]));
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, shown);
    else addTo(sum, shown);
  }
  return [...sums.values()];
}

function addTo(sum: Record<string, unknown>, other: Figures): void {
  for (const [name, value] of Object.entries(other)) {
    if (isNumber(value)) sum[name] = Number(sum[name]) + value;
    if (name !== 'amount') continue;
    const [mine, theirs] = [sum[name], value] as { value: number | string; currency: string }[];
    const total = Number(mine?.value) + Number(theirs?.value);
    sum[name] = { ...mine, value: typeof mine?.value === 'string' ? String(total) : total };
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
