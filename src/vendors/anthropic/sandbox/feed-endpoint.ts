import { type Answer, jsonText } from '../../../sandbox/answer.ts';
import { refuse } from './errors.ts';
import type { Position } from './feed.ts';
import { idOf } from './ids.ts';
import { expectKnown, readInstant, readLimit } from './parameters.ts';
import type { AnthropicState, Inquiry } from './state.ts';

const KNOWN = [
  'limit',
  'order',
  'after_id',
  'before_id',
  'created_at.gt',
  'created_at.gte',
  'created_at.lt',
  'created_at.lte',
  'activity_types[]',
  'exclude_activity_types[]',
  'actor_ids[]',
  'organization_ids[]',
];

/** Newest first, with cursors in both directions. What the vendor does not know is refused. */
export function activities(inquiry: Inquiry): Answer {
  const { state, params } = inquiry;
  expectKnown(inquiry, KNOWN);
  const limit = Math.min(readLimit(inquiry, 100, 5000), state.quirks.pageCap ?? 5000);
  const order = params.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') refuse(400, 'order: Input should be asc or desc');
  if (params.has('after_id') && params.has('before_id')) {
    refuse(400, 'after_id and before_id cannot be combined');
  }
  const { entries, more } = state.feed.select({
    from: bound(params, 'created_at.gte', 'created_at.gt', Number.NEGATIVE_INFINITY),
    to: bound(params, 'created_at.lt', 'created_at.lte', Number.POSITIVE_INFINITY),
    limit,
    order,
    after: cursorIn(state, params.get('after_id')),
    before: cursorIn(state, params.get('before_id')),
  });
  const [first, last] = [entries.at(0), entries.at(-1)];
  const envelope = JSON.stringify({
    has_more: more,
    first_id: first === undefined ? null : cursorTo(first),
    last_id: last === undefined ? null : cursorTo(last),
  });
  const texts = entries.map((entry) => served(state, state.feed.textOf(entry)));
  if (state.quirks.echoes) recordReading(inquiry);
  return jsonText(200, `{"data":[${texts.join(',')}],${envelope.slice(1)}`, entries.length);
}

function bound(params: URLSearchParams, with_: string, without: string, none: number): number {
  const [inclusive, exclusive] = [readInstant(params, with_), readInstant(params, without)];
  if (inclusive !== null) return inclusive;
  return exclusive === null ? none : exclusive + 1;
}

function cursorTo({ time, id }: Position): string {
  return Buffer.from(JSON.stringify([time, id])).toString('base64url');
}

/** The id of an activity will do as well. */
function cursorIn({ feed }: AnthropicState, text: string | null): Position | null {
  if (text === null) return null;
  const known = feed.positionOf(text);
  if (known !== null) return known;
  try {
    const [time, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown];
    if (typeof time === 'number' && typeof id === 'string') return { time, id };
  } catch {
    // It is none of ours.
  }
  return refuse(400, 'invalid cursor');
}

/** The vendor has once stopped saying names, for what had been recorded before too. */
function served({ quirks }: AnthropicState, text: string): string {
  if (!quirks.namesGone) return text;
  const { filename: _filename, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(rest);
}

function recordReading({ state, path, params }: Inquiry): void {
  const at = Math.floor(state.clock() / 1000) * 1000 + 1000;
  state.feed.add({
    id: idOf('activity', 777, state.feed.count),
    created_at: new Date(at).toISOString(),
    organization_id: null,
    organization_uuid: null,
    type: 'compliance_api_accessed',
    actor: {
      type: 'admin_api_key_actor',
      admin_api_key_id: idOf('admin_api_key', 1, 0),
      ip_address: '192.0.2.200',
      user_agent: 'auditlake/0.0.0',
    },
    url: `${path}?${params.toString()}`,
    method: 'GET',
    status: 200,
    request_id: `req_${state.feed.count}`,
  });
}
