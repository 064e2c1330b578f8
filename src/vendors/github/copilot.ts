import { readObject } from '../../extract/read-object.ts';
import type { Stream } from '../../extract/port.ts';
import type { Read } from '../../extract/reads.ts';
import { isObject } from '../../extract/slice/object.ts';
import { readList, ask } from './client.ts';
import {
  hasOrganization,
  ofAccount,
  ofOrganization,
  ORGANIZATION,
  type Session,
  eitherRead,
} from './session.ts';

const SEATS = '/copilot/billing/seats';
const EXCLUSION = '/copilot/content_exclusion';
const BILLING =
  'manage_billing:copilot or read:org (of an enterprise read:enterprise), of an owner';

/** Who has Copilot, and what it may do and see. */
export const copilot: readonly Stream<Session>[] = [
  {
    name: 'copilot-seats',
    kind: 'snapshot',
    brings: 'who has a seat, since when, by which organization or team, and when it was last used',
    ...eitherRead(SEATS),
    needs: BILLING,
    maps: { entity: 'seats.sql', grant: 'seat-grants.sql', figure: 'seat-activity.sql' },
    open: (session) => ({
      read: () =>
        readList(session.client, ofAccount(session, SEATS), {
          id: [],
          list: 'seats',
          keyOf: seatOf,
        }),
    }),
  },
  object('copilot-settings', '/copilot/billing', 'what Copilot may do, and how seats are given'),
  {
    name: 'content-exclusion',
    kind: 'snapshot',
    brings: 'paths that Copilot may not read; GitHub leaves out comments and repeated keys',
    ...eitherRead(EXCLUSION),
    needs: 'copilot or read:org (of an enterprise read:enterprise), of an owner',
    maps: { entity: 'directory.sql' },
    open: (session) => ({
      async *read() {
        yield await readObject(
          session.client,
          ask(ofAccount(session, EXCLUSION)),
          'content-exclusion',
        );
      },
    }),
  },
];

function object(name: string, below: string, brings: string): Stream<Session> {
  const read: Read = { method: 'GET', path: `${ORGANIZATION}${below}` };
  return {
    name,
    kind: 'snapshot',
    brings,
    endpoint: read.path,
    needs: BILLING,
    maps: { entity: 'directory.sql' },
    wanted: hasOrganization,
    open: (session) => ({
      async *read() {
        yield await readObject(session.client, ask(ofOrganization(session, below)), name);
      },
    }),
  };
}

/** One person has a seat by each organization and team that gives one: its key is of three. */
function seatOf(bytes: Buffer): string {
  const seat = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  return ['assignee', 'organization', 'assigning_team'].map((name) => idOf(seat[name])).join('/');
}

function idOf(value: unknown): string {
  if (!isObject(value)) return '';
  const { id, login, slug } = value;
  const found = id ?? login ?? slug;
  return typeof found === 'number' || typeof found === 'string' ? String(found) : '';
}
