import { OWN_SOURCE } from '../../model.ts';
import { withReadable } from '../warehouse/readable-file.ts';

/** Where in the archive the newest revision of an event, or of a finding, is; null if there is none. */
export async function findEvent(
  warehouse: string,
  uid: string,
  onMessage: (text: string) => void,
): Promise<{ seq: number; n: number } | null> {
  const [place] = await findEvents(warehouse, [uid], onMessage);
  return place === undefined ? null : { seq: place.seq, n: place.n };
}

/** The same of many; those that there are. */
export async function findEvents(
  warehouse: string,
  uids: readonly string[],
  onMessage: (text: string) => void,
): Promise<{ uid: string; seq: number; n: number }[]> {
  const sql = `
    with wanted as (select unnest(from_json($uids, '["VARCHAR"]')) as uid)
    select uid, seq, n from internal.events join wanted on uid = event_uid
    union all
    select uid, seq, n from internal.findings join wanted on uid = '${OWN_SOURCE}:' || finding_id
    order by seq, n`;
  const rows = await withReadable(
    warehouse,
    async ({ connection }) =>
      (await connection.runAndReadAll(sql, { uids: JSON.stringify(uids) })).getRowObjects(),
    { onMessage, asMade: 'whole' },
  );
  return rows.map(({ uid, seq, n }) => ({ uid: String(uid), seq: Number(seq), n: Number(n) }));
}
