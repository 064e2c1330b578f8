import { byWindow } from '../../extract/by-window.ts';
import { fanOut } from '../../extract/fan-out.ts';
import type { Reading, Stream } from '../../extract/port.ts';
import type { OpenWindow, Page, PartEnd, Window } from '../../model.ts';
import { modelScopesOf, SCOPES, type Scope } from './options.ts';
import type { Session } from './session.ts';
import { type Member, partsOf, remaining } from './usage-parts.ts';
import { type Family, UsageReader } from './usage-reader.ts';

const V2: Family = {
  name: 'usage',
  brings: 'usage per day, dataset `usage-v2`',
  path: (scope) => `/api/v2/${scope}/usage`,
  since: '6.2',
  granularity: 'daily',
};

/** Daily answers leave the models out, so that they are asked for day by day. */
const MODELS: Family = {
  ...V2,
  name: 'usage-models',
  brings: 'usage per day and model, dataset `usage-v2`; only `organization` by default',
  granularity: 'all',
};

/** In the specification since 6.2; the first version that has it is not documented. */
const AGENT: Family = {
  ...V2,
  name: 'agent-usage',
  brings: 'agent usage per day, with tokens and cost per model, dataset `agent-usage`',
  path: (scope) => `/api/v1/${scope}/agent-usage`,
};

/** Ended with 6.2, and has answered with nothing for the time since: a flat line there does not mean idle users. */
const V1: Family = {
  ...V2,
  name: 'usage-v1',
  brings: 'usage per day up to 6.2, dataset `usage-v1`',
  path: (scope) => `/api/v1/${scope}/usage`,
  since: '5.18.0',
};

/** The usage endpoints: every family at every scope is a stream. */
export const usage: readonly Stream<Session>[] = [
  ...SCOPES.map((scope) => stream(V2, scope)),
  ...SCOPES.map((scope) => stream(MODELS, scope)),
  ...SCOPES.map((scope) => stream(AGENT, scope)),
  ...SCOPES.map((scope) => frozenStream(scope)),
];

function stream(family: Family, scope: Scope): Stream<Session> {
  return {
    name: `${family.name}-${scope}`,
    kind: 'series',
    brings: family.brings,
    endpoint: family.path(scope),
    since: family.since,
    maps: { figure: 'usage.sql' },
    wanted: ({ options }) =>
      (family === MODELS ? modelScopesOf(options) : options.usageScopes).includes(scope),
    open: (session): Reading => {
      const reader = new UsageReader(session, family, scope);
      return { read: byWindow((window) => readParts(session, reader, scope, window, window)) };
    },
  };
}

/** v1 is read once, after its end; its own paths tell when that was. */
function frozenStream(scope: Scope): Stream<Session> {
  const paths = [V1.path(scope), V1.path('organization'), V2.path('organization')];
  return {
    ...stream(V1, scope),
    once: true,
    reads: paths.map((path) => ({ method: 'GET', path })),
    open: (session): Reading => {
      const reader = new UsageReader(session, V1, scope);
      return {
        read: byWindow(async function* (window) {
          const organization = organizationOf(session);
          // Before 6.2 it still grows: it is read once v2 answers, which then continues it.
          await new UsageReader(session, V2, 'organization').probe(organization, window);
          const whole = new UsageReader(session, V1, 'organization');
          const extent = await whole.extent(organization, window);
          if (extent !== null) yield* readParts(session, reader, scope, extent, window);
        }),
      };
    },
  };
}

/** Reads the figures of a range, after the part up to which the window has been read. */
async function* readParts(
  session: Session,
  reader: UsageReader,
  scope: Scope,
  range: Window,
  { part }: OpenWindow,
): AsyncGenerator<Page | PartEnd> {
  const parts = partsOf(await membersOf(session, scope), range, reader.granularity);
  const rest = remaining(parts, part);
  const options = {
    endpoint: reader.path,
    width: session.width,
    partOf: ({ name }: (typeof parts)[number]) => name,
    memberOf: ({ member }: (typeof parts)[number]) => member.id,
    resumed: rest.length < parts.length,
    quirk: session.quirk,
  };
  yield* fanOut(rest, options, (each) => reader.read(each));
}

async function membersOf(session: Session, scope: Scope): Promise<Member[]> {
  if (scope === 'organization') return [organizationOf(session)];
  if (scope === 'team') return (await session.teams.ids()).map((id) => ({ id, name: id }));
  return (await session.users.ids()).map((id) => ({ id, name: session.nameOfUser(id) }));
}

function organizationOf({ organizationId }: Session): Member {
  return { id: organizationId(), name: organizationId() };
}
