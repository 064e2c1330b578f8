import type { Identity } from '../../extract/port.ts';
import { readRow } from '../../extract/record.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { parseObject } from '../../extract/slice/object.ts';
import { isRefusal, ORGANIZATION } from './client.ts';
import type { Session } from './session.ts';

export const ME = `${ORGANIZATION}/me`;
export const LINKED = '/v1/compliance/organizations';

/** A key that may not ask whose it is: what it reads is kept all the same. */
const UNKNOWN = 'unknown';

/**
 * The organization says its id itself, or the oldest of those that are linked stands for all. A key may have been made for
 * neither question; then it is the account that the home remembers.
 */
export async function identify(session: Session, known: string | null): Promise<Identity> {
  const found = (await own(session)) ?? (await linked(session));
  const vendorNow = found?.vendorNow ?? null;
  const organizationId = known === UNKNOWN ? known : (found?.id ?? known ?? UNKNOWN);
  return { organizationId, vendorNow };
}

type Found = { id: string; vendorNow: number | null };

function own({ client }: Session): Promise<Found | null> {
  return unlessRefused(async () => {
    const { value, vendorNow } = await client.get(ME, {}, (body) => {
      parseObject(body);
      return { id: readRow(body, { id: ['id'], time: [] }).id };
    });
    return value.id === null ? null : { id: value.id, vendorNow };
  });
}

function linked({ client }: Session): Promise<Found | null> {
  return unlessRefused(async () => {
    const { value, vendorNow } = await client.get(LINKED, { limit: '1' }, (body) => ({
      ids: sliceList(body, ['data']).records.map(
        (bytes) => readRow(bytes, { id: ['uuid', 'id'], time: [] }).id,
      ),
    }));
    const id = value.ids[0] ?? null;
    return id === null ? null : { id, vendorNow };
  });
}

async function unlessRefused(ask: () => Promise<Found | null>): Promise<Found | null> {
  try {
    return await ask();
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}
