import { VendorError } from '../../errors.ts';
import type { Identity } from '../../extract/port.ts';
import { readRow } from '../../extract/record.ts';
import { parseObject } from '../../extract/slice/object.ts';
import type { Session } from './session.ts';
import { hadSessionsOf } from './sessions.ts';

export const SELF = '/v3/self';

/** Whose key it is, as one of these says. */
const OWNERS = ['org_id', 'service_user_id', 'user_id'];

/** Occurs in no id of an organization and in none of an owner. */
const SEPARATOR = ' ';

/**
 * The API has no id for an enterprise. It is recognised by one of its organizations (the first by id when the home was made)
 * or by the owner of the key. Either may disappear, since organizations are deleted and service users replaced; both at the
 * same time is unlikely. A deleted organization is still recognised by its sessions.
 */
export async function identify(session: Session, known: string | null): Promise<Identity> {
  const { client } = session;
  const { value, vendorNow } = await client.get(SELF, {}, (body) => {
    parseObject(body);
    return { owner: readRow(body, { id: OWNERS, time: [] }).id ?? '' };
  });
  const { owner } = value;
  const organizations = await organizationIds(session);
  const [organization = '', formerOwner = ''] = known?.split(SEPARATOR) ?? [];
  const isSame =
    organizations.includes(organization) ||
    (owner !== '' && formerOwner === owner) ||
    (organization !== '' && (await hadSessionsOf(client, organization)));
  const organizationId =
    known !== null && isSame ? known : `${organizations.toSorted()[0] ?? ''}${SEPARATOR}${owner}`;
  return { organizationId, vendorNow };
}

/** None where they may not be listed. */
async function organizationIds({ organizations }: Session): Promise<string[]> {
  try {
    return await organizations.ids();
  } catch (error) {
    if (error instanceof VendorError && error.fault === 'forbidden') return [];
    throw error;
  }
}
