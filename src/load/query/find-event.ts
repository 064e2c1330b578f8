import { OWN_SOURCE } from '../../model.ts';
import { firstRow } from '../database.ts';
import { withReadable } from '../warehouse/readable-file.ts';

/** Where in the archive the newest revision of an event, or of a finding, is; null if there is none. */
export async function findEvent(
  warehouse: string,
  uid: string,
  onMessage: (text: string) => void,
): Promise<{ seq: number; n: number } | null> {
  const sql = `
    select seq, n from internal.events where event_uid = $uid
    union all
    select seq, n from internal.findings where '${OWN_SOURCE}:' || finding_id = $uid`;
  const { seq, n } = await withReadable(
    warehouse,
    ({ connection }) => firstRow(connection, sql, { uid }),
    { onMessage, asMade: 'whole' },
  );
  return seq === undefined ? null : { seq: Number(seq), n: Number(n) };
}
