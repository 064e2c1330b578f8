import { VendorError } from '../../errors.ts';
import { segment } from '../../extract/segment.ts';
import { ENTERPRISE, fetchPage, seconds } from './client.ts';
import type { Session } from './session.ts';
import { LOG_SLICE } from './audit-logs.ts';

const LOG = `${ENTERPRISE}/audit-logs`;
export const ORGANIZATION_LOG = `${ENTERPRISE}/organizations/{org_id}/audit-logs`;

/**
 * The log of one organization has answered empty where the enterprise's had events of it. Only the latter is read; `check`
 * shows whether the former can be relied upon.
 */
export async function compareLogs(session: Session): Promise<void> {
  try {
    await compare(session);
  } catch (error) {
    // That the log or the list may not be read is said where they are looked at themselves.
    if (!(error instanceof VendorError && error.fault === 'forbidden')) throw error;
  }
}

async function compare({ client, organizations, now, quirk }: Session): Promise<void> {
  const listed = await organizations.ids();
  const until = now();
  const query = {
    order: 'asc',
    time_after: seconds(until - LOG_SLICE),
    time_before: seconds(until),
  };
  const whole = await fetchPage(client, LOG, query, null, { id: ['org_id'], time: [] });
  // Of a deleted one there are events, and no log of its own.
  const organization = whole.rows.map(({ id }) => id ?? '').find((id) => listed.includes(id));
  if (organization === undefined) return;
  const path = ORGANIZATION_LOG.replace('{org_id}', segment(organization));
  const own = await fetchPage(client, path, query, null, { id: [], time: [] });
  if (own.rows.length > 0) return;
  quirk({
    code: 'organization-log-empty',
    what: `${path} has nothing, though the enterprise’s log has events of it: only the latter is read`,
  });
}
