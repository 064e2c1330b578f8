import { firstRow } from '../database.ts';
import { withReadable } from '../warehouse/readable-file.ts';

/** Where in the archive the newest revision of an event is; null if there is no such event. */
export async function findEvent(
  warehouse: string,
  uid: string,
  onMessage: (text: string) => void,
): Promise<{ seq: number; n: number } | null> {
  const sql = 'select seq, n from internal.events where event_uid = $uid';
  const { seq, n } = await withReadable(
    warehouse,
    ({ connection }) => firstRow(connection, sql, { uid }),
    { onMessage, asMade: 'whole' },
  );
  return seq === undefined ? null : { seq: Number(seq), n: Number(n) };
}
