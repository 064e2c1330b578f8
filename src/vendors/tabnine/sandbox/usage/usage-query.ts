import { type Answer, Refusal } from '../../../../sandbox/answer.ts';
import { badRequest, codedError } from '../errors.ts';
import { readInstant } from '../instant.ts';
import type { Inquiry, TabnineState } from '../state.ts';
import type { Dataset } from './parts.ts';
import { DAY, GRANULARITIES, type Granularity } from './periods.ts';
import type { Scope } from './usage.ts';

const NAMES = { from: 'from', to: 'to' };
/** The names that the first agent-usage reference gave. */
const OLDER_NAMES = { from: 'startDate', to: 'endDate' };

/** What an older revision called the granularities; the live API does not know these words. */
const OLDER_WORDS: Readonly<Record<string, Granularity>> = {
  day: 'daily',
  week: 'weekly',
  month: 'monthly',
};

type UsageQuery = {
  readonly from: number;
  readonly to: number;
  readonly granularity: Granularity;
  /** The team or the user, as the answer names it: `{teamId}`, `{userId}` or nothing. */
  readonly subject: Readonly<Record<string, string>>;
  readonly id: string | undefined;
};

/** The parameters of a usage request, or a refusal. The order of the checks is the one in which the live API was met. */
export function readUsageQuery(
  { state, query }: Inquiry,
  dataset: Dataset,
  scope: Scope,
): UsageQuery {
  const older = dataset === 'agent' && state.quirks.profile === 'documented';
  const names = older && query['startDate'] !== undefined ? OLDER_NAMES : NAMES;
  if (dataset === 'agent' && !older) refuseOlderNames(query, scope);
  if (!older || query['organizationId'] !== undefined) checkOrganization(state, query, dataset);
  const id = readSubject(state, query, scope);
  const instant = (name: string): number => {
    const rejects = state.quirks.rejectFractionalSeconds;
    const time = readInstant(query, name, rejects, badRequest);
    if (time === undefined) throw new Refusal(badRequest(`\`${name}\` is required`));
    return time;
  };
  const from = instant(names.from);
  const to = instant(names.to);
  if (from >= to) throw new Refusal(badRequest('`from` must be earlier than `to`'));
  const { maxUsageDays } = state.quirks;
  if (maxUsageDays !== null && to - from > maxUsageDays * DAY) {
    throw new Refusal(badRequest(`the range must not exceed ${maxUsageDays} days`));
  }
  const granularity = readGranularity(state, query['granularity'] ?? (older ? 'all' : ''));
  return { from, to, granularity, id, subject: id === undefined ? {} : { [`${scope}Id`]: id } };
}

/** Seen live: parameters by their first names are no client error but a failure of the server. */
function refuseOlderNames(query: Inquiry['query'], scope: Scope): void {
  const current = query['from'] !== undefined && query['to'] !== undefined;
  const older = query['startDate'] !== undefined || query['endDate'] !== undefined;
  if (current || !older) return;
  const message = `Error trying to get ${scope} agent usage`;
  throw new Refusal(codedError(500, 'internal_server_error', message));
}

/** Agent usage takes a missing organization for a missing permission, although the token is fine. */
function checkOrganization(state: TabnineState, query: Inquiry['query'], dataset: Dataset): void {
  if (query['organizationId'] === state.organization.id) return;
  const answer: Answer =
    dataset === 'agent'
      ? codedError(401, 'unauthorized', 'Unauthorized: Invalid organization.')
      : badRequest("`organizationId` must be the organization's id");
  throw new Refusal(answer);
}

function readSubject(
  state: TabnineState,
  query: Inquiry['query'],
  scope: Scope,
): string | undefined {
  if (scope === 'organization') return undefined;
  const [name, known] =
    scope === 'team' ? (['teamId', state.teams] as const) : (['userId', state.users] as const);
  const id = query[name];
  if (id === undefined || id === '') throw new Refusal(badRequest(`\`${name}\` is required`));
  if (known.some((candidate) => candidate.id === id)) return id;
  const message = scope === 'team' ? 'Team not found' : 'User not found';
  throw new Refusal(codedError(404, 'not_found', message));
}

function readGranularity(state: TabnineState, value: string): Granularity {
  const word = GRANULARITIES.find((candidate) => candidate === value);
  const older = state.quirks.profile === 'documented' ? OLDER_WORDS[value] : undefined;
  const granularity = word ?? older;
  if (granularity !== undefined) return granularity;
  throw new Refusal(badRequest(`\`granularity\` must be one of ${GRANULARITIES.join(', ')}`));
}
