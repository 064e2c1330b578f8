import { VendorError } from '../../errors.ts';
import { segment } from '../../extract/segment.ts';
import { ENTERPRISE, fetchPage, seconds } from './client.ts';
import type { Session } from './session.ts';
import { LOG_SLICE } from './audit-logs.ts';

const LOG = `${ENTERPRISE}/audit-logs`;
export const ORGANIZATION_LOG = `${ENTERPRISE}/organizations/{org_id}/audit-logs`;

/**
 * The log of a single organization has been seen empty although the enterprise's log had events of that organization. auditlake
 * reads the enterprise's log only; `check` shows whether the other one could be relied upon.
 */
export async function compareLogs(session: Session): Promise<void> {
  try {
    await compare(session);
  } catch (error) {
    // The checks of the log and of the list report that they may not be read.
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
  // A deleted organization still has events in the enterprise's log, but no log of its own.
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
