import { VendorError } from '../../errors.ts';
import type { Identity } from '../../extract/port.ts';
import { parseObject } from '../../extract/slice/object.ts';
import { ask } from './client.ts';
import type { Session } from './session.ts';

/** It counts towards no limit, and any token may ask it. */
export const RATE_LIMIT = '/rate_limit';

/**
 * The account is what the configuration names; no request that every token may send says more. A name that is changed at
 * GitHub takes a new source, or another home.
 */
export async function identify({ client, account }: Session): Promise<Identity> {
  const organizationId = account.name.toLowerCase();
  try {
    const { vendorNow } = await client.read(ask(RATE_LIMIT), (body) => parseObject(body));
    return { organizationId, vendorNow };
  } catch (error) {
    // What is in front of an API may not let it through, and it says no more than the time.
    const isHidden =
      error instanceof VendorError && (error.fault === 'absent' || error.fault === 'forbidden');
    if (isHidden) return { organizationId, vendorNow: null };
    throw error;
  }
}
