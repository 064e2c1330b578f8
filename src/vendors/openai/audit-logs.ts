import { VendorError } from '../../errors.ts';
import { byWindow } from '../../extract/by-window.ts';
import type { Query } from '../../extract/client.ts';
import {
  type NewestFirstLog,
  oldestOf,
  readNewestFirst,
} from '../../extract/paging/newest-first.ts';
import type { Reading, Stream } from '../../extract/port.ts';
import { TimeFilter } from '../../extract/time-filter.ts';
import type { Window } from '../../model.ts';
import { fetchPage, seconds } from './client.ts';
import { NEEDS, type Session } from './session.ts';

export const AUDIT_LOGS = '/v1/organization/audit_logs';

const FIELDS = { id: ['id'], time: ['effective_at'] };

/** Events of the tenant are in no answer unless they are asked for, and then nothing else is. */
const TENANT = { tenant_only: 'true' };

/** One log in two halves that have no event in common: each has its own cursor. */
export const auditLogs: readonly Stream<Session>[] = [
  {
    name: 'audit-logs',
    kind: 'log',
    brings: 'the audit log of the organization and its projects',
    endpoint: AUDIT_LOGS,
    needs: NEEDS.audit,
    required: true,
    maps: { event: 'audit-logs.sql' },
    open: (session) => openLog(session, {}),
  },
  {
    name: 'tenant-audit-logs',
    kind: 'log',
    brings: 'the audit log of the tenant: sign-in, SCIM, admin keys, roles, policies',
    endpoint: AUDIT_LOGS,
    needs: NEEDS.audit,
    maps: { event: 'audit-logs.sql' },
    open: (session) => openLog(session, TENANT),
  },
];

function openLog(session: Session, half: Query): Reading {
  const log = logOf(session, half);
  return {
    read: byWindow((window) => readNewestFirst(log, window)),
    oldest: (now) => oldestOf(log, now),
  };
}

function logOf({ client, quirk }: Session, half: Query): NewestFirstLog {
  const ask = (window: Window, at: Query) => {
    const range = {
      'effective_at[gte]': seconds(window.from),
      'effective_at[lt]': seconds(window.to),
    };
    return fetchPage(client, AUDIT_LOGS, { ...half, ...range, ...at }, FIELDS);
  };
  return {
    async fetch(window, at) {
      try {
        return await ask(window, at === null ? {} : { [at.by]: at.cursor });
      } catch (error) {
        throw half === TENANT && at === null ? withoutTenant(error) : error;
      }
    },
    timeFilter: new TimeFilter(async (window) => (await ask(window, {})).rows),
    quirk,
    subject: half === TENANT ? `${AUDIT_LOGS} of the tenant` : AUDIT_LOGS,
  };
}

/** It is not known how an organization without a tenant answers: a refusal of the parameter is one of the ways. */
function withoutTenant(error: unknown): unknown {
  return error instanceof VendorError && error.fault === 'rejected' ? error.as('absent') : error;
}
