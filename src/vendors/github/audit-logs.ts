import { byWindow } from '../../extract/by-window.ts';
import type { Stream } from '../../extract/port.ts';
import type { Unknown } from '../../extract/unknown.ts';
import { DAY } from '../../platform/time.ts';
import { type Log, oldestOf, readLog } from './log.ts';
import { hasEnterprise, ofAccount, ofEnterprise, type Session, eitherRead } from './session.ts';

const LOG = '/audit-log';
const NEEDS = 'read:audit_log, of an owner';

/** Web events have both times, the same; git events only the first, old ones only the second. */
const FIELDS = { id: ['_document_id'], time: ['@timestamp', 'created_at'] };

const EVENT: readonly Unknown[] = [
  { what: 'when an event happened', places: FIELDS.time.map((name) => `*.${name}`) },
  { what: 'the organization of an event', places: ['*.org'] },
  {
    what: 'the country of an actor',
    places: ['*.actor_location.country_code', '*.actor_location.country_name'],
  },
];

/** Kept for 180 days; older documents say "the current month and the six before". */
const KEPT = 220 * DAY;

/** Of git events only 7 days are kept. */
const GIT_KEPT = 10 * DAY;

/** Prompts and answers of the last 48 hours. */
const RECORDS_KEPT = 3 * DAY;

/** They are two, since each question brings the web events alone unless git events are asked for. */
export const auditLogs: readonly Stream<Session>[] = [
  {
    name: 'audit-logs',
    kind: 'log',
    brings: 'the audit log: what people, apps and agents did',
    ...eitherRead(LOG),
    needs: NEEDS,
    required: true,
    keeps: 180 * DAY,
    unknowns: EVENT,
    maps: { event: 'audit-logs.sql' },
    open: (session) => open(session, 'web', KEPT),
  },
  {
    name: 'git-events',
    kind: 'log',
    brings: 'git events of the audit log: clones, fetches and pushes',
    ...eitherRead(LOG),
    needs: NEEDS,
    keeps: 7 * DAY,
    unknowns: EVENT,
    maps: { event: 'audit-logs.sql' },
    open: (session) => open(session, 'git', GIT_KEPT),
  },
];

function open(session: Session, include: string, keeps: number) {
  const { client, quirk } = session;
  const path = ofAccount(session, LOG);
  const log: Log = { client, quirk, path, query: { include }, perPage: 100, keeps, fields: FIELDS };
  return {
    read: byWindow((window) => readLog(log, window)),
    oldest: (now: number) => oldestOf(log, now),
  };
}

/** What was asked of agents, and their answers: only where it is wanted. */
export const usageRecords: Stream<Session> = {
  name: 'copilot-usage-records',
  kind: 'log',
  brings: 'prompts and answers of agent sessions: content, only with `usageRecords`',
  endpoint: '/enterprises/{enterprise}/copilot/usage-records',
  needs: 'read:enterprise, of an owner',
  keeps: 2 * DAY,
  // The vendor's own example has none.
  unknowns: [{ what: 'the id of a record', places: ['*.event_id'] }],
  maps: { event: 'usage-records.sql' },
  wanted: (session) => hasEnterprise(session) && session.options.usageRecords,
  open: (session) => {
    const { client, quirk } = session;
    const path = ofEnterprise(session, '/copilot/usage-records');
    const fields = { id: ['event_id'], time: ['@timestamp'] };
    // More than 25 are not given.
    const log: Log = { client, quirk, path, query: {}, perPage: 25, keeps: RECORDS_KEPT, fields };
    return { read: byWindow((window) => readLog(log, window)) };
  },
};
