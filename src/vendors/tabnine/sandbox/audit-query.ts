import { Refusal } from '../../../sandbox/answer.ts';
import { invalidRequest } from './errors.ts';
import type { EventFacts } from './event-source.ts';
import { readInstant } from './instant.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;
const RESOURCE_TYPES = ['team', 'user', 'role', 'organization'];

type Query = Readonly<Record<string, string>>;

export type AuditQuery = {
  readonly from: number;
  readonly to: number;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  readonly format: 'json' | 'csv';
  /** Undefined when no filter is set. */
  readonly where: ((facts: EventFacts) => boolean) | undefined;
};

/** The parameters of an audit-log request, or a refusal in the endpoint's own error shape. */
export function readAuditQuery(query: Query, rejectFractionalSeconds: boolean): AuditQuery {
  const instant = (name: string): number | undefined =>
    readInstant(query, name, rejectFractionalSeconds, invalidRequest);
  const from = instant('from') ?? -Infinity;
  const to = instant('to') ?? Infinity;
  if (from >= to) throw new Refusal(invalidRequest('`from` must be earlier than `to`'));
  return {
    from,
    to,
    order: readChoice(query, 'sort', ['desc', 'asc']),
    limit: readInteger(query, 'limit', DEFAULT_LIMIT, 1, MAX_LIMIT),
    offset: readInteger(query, 'offset', 0, 0, Number.MAX_SAFE_INTEGER),
    format: readChoice(query, 'format', ['json', 'csv']),
    where: readFilter(query),
  };
}

function readInteger(
  query: Query,
  name: string,
  fallback: number,
  min: number,
  max: number,
): number {
  const text = query[name];
  const value = text === undefined ? fallback : Number(text);
  if (text !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `between ${min} and ${max}`;
  throw new Refusal(invalidRequest(`\`${name}\` must be an integer, ${range}`));
}

/** One of the words; the first is the default. */
function readChoice<Word extends string>(
  query: Query,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const value = query[name] ?? words[0];
  const word = words.find((candidate) => candidate === value);
  if (word === undefined)
    throw new Refusal(invalidRequest(`\`${name}\` must be one of ${words.join(', ')}`));
  return word;
}

function readFilter(query: Query): AuditQuery['where'] {
  const { eventType, actorId, actorEmail, resourceType, resourceId } = query;
  if (resourceType !== undefined && !RESOURCE_TYPES.includes(resourceType)) {
    throw new Refusal(
      invalidRequest(`\`resourceType\` must be one of ${RESOURCE_TYPES.join(', ')}`),
    );
  }
  const wanted = Object.entries({
    eventType,
    actorId,
    actorEmail,
    resourceType,
    resourceId,
  }).filter(([, value]) => value !== undefined);
  if (wanted.length === 0) return undefined;
  return (facts) => wanted.every(([name, value]) => Reflect.get(facts, name) === value);
}
