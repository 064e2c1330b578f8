import type { Quirk, StreamReader } from '../../model.ts';
import type { SourceClient } from '../../extract/client.ts';
import { fanOut } from '../../extract/fan-out.ts';
import type { Roster } from '../../extract/roster.ts';
import { gone } from '../../extract/gone.ts';
import { type Member, type Part, partsOf, remaining, type Scope } from './usage-parts.ts';
import { type Family, UsageReader } from './usage-reader.ts';

const V2: Family = {
  name: 'usage',
  path: (scope) => `/api/v2/${scope}/usage`,
  since: '6.2',
  granularity: 'daily',
};

/** Daily answers leave the models out, so that they are asked for day by day. */
const MODELS: Family = { ...V2, name: 'usage-models', granularity: 'all' };

/** In the specification since 6.2; the first version that has it is not stated. */
const AGENT: Family = {
  ...V2,
  name: 'agent-usage',
  path: (scope) => `/api/v1/${scope}/agent-usage`,
};

/** Ended with 6.2, and has answered with nothing for the time since: a flat line there is no silence of the users. */
const V1: Family = {
  ...V2,
  name: 'usage-v1',
  path: (scope) => `/api/v1/${scope}/usage`,
  since: '5.18.0',
};

export type UsageOptions = {
  /** For whom figures are read; figures of persons need a legal basis in many places. */
  scopes: readonly Scope[];
  /** For whom figures per model are read: one request per day and member. */
  modelScopes: readonly Scope[];
  /** What stands for a user in archive and tables: the id itself, or a pseudonym. */
  nameOfUser: (id: string) => string;
  width: number;
};

/** The usage endpoints: every family at every scope that is wanted is a stream. */
export function usage(
  client: SourceClient,
  organizationId: () => string,
  rosters: { teams: Roster; users: Roster },
  options: UsageOptions,
  quirk: (quirk: Quirk) => void,
): StreamReader[] {
  const organization = (): Member => ({ id: organizationId(), name: organizationId() });

  const membersOf = async (scope: Scope): Promise<Member[]> => {
    if (scope === 'organization') return [organization()];
    if (scope === 'team') return (await rosters.teams.ids()).map((id) => ({ id, name: id }));
    return (await rosters.users.ids()).map((id) => ({ id, name: options.nameOfUser(id) }));
  };

  const readerOf = (family: Family, scope: Scope): UsageReader =>
    new UsageReader(client, family, scope, organizationId, quirk);

  const stream = (family: Family, scope: Scope): StreamReader => {
    const isFrozen = family === V1;
    const reader = readerOf(family, scope);
    return {
      stream: `${family.name}-${scope}`,
      kind: 'series',
      endpoint: family.path(scope),
      since: family.since,
      required: false,
      once: isFrozen,
      async *read(window) {
        if (window === null) throw new Error('usage is read by window');
        let range: { from: number; to: number } | null = window;
        if (isFrozen) {
          // Before 6.2 it is not frozen yet: it is read when v2 answers, which then goes on from it.
          await readerOf(V2, 'organization').probe(organization(), window);
          range = await readerOf(V1, 'organization').extent(organization(), window);
        }
        if (range === null) return;
        const parts = partsOf(await membersOf(scope), range, family.granularity);
        const rest = remaining(parts, window.part);
        const begun = rest.length < parts.length;
        const onGone = gone(family.path(scope), quirk);
        yield* fanOut(
          rest,
          { width: options.width, memberOf: memberOfPart, begun, onGone },
          (part) => reader.read(part),
        );
      },
    };
  };

  return [
    ...options.scopes.map((scope) => stream(V2, scope)),
    ...options.modelScopes.map((scope) => stream(MODELS, scope)),
    ...options.scopes.map((scope) => stream(AGENT, scope)),
    ...options.scopes.map((scope) => stream(V1, scope)),
  ];
}

function memberOfPart({ member }: Part): string {
  return member.id;
}
