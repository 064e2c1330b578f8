import { DAY } from '../../platform/time.ts';

/** What a key is of, and what it is asked. */
export type Level = {
  /** The paths that show whose key it is, in the order in which they are tried. */
  probes: readonly string[];
  auditLogs: string;
};

export const LEVELS: Readonly<Record<'team' | 'organization', Level>> = {
  team: { probes: ['/teams/audit-logs', '/teams/members'], auditLogs: '/teams/audit-logs' },
  organization: {
    probes: ['/organizations/audit-logs', '/organizations/members'],
    auditLogs: '/organizations/audit-logs',
  },
};

/** The longest range of one question, of every endpoint that has dates. */
export const LONGEST = 30 * DAY;
