import { firstRow } from '../database.ts';
import { readableFile } from '../warehouse/readable-file.ts';

/** Where in the archive the newest revision of an event is; null if there is no such event. */
export async function findEvent(
  warehouse: string,
  uid: string,
  onMessage: (text: string) => void,
): Promise<{ seq: number; n: number } | null> {
  const readable = await readableFile(warehouse, onMessage);
  try {
    const { connection, close } = await readable.open();
    try {
      const { seq, n } = await firstRow(
        connection,
        'select seq, n from internal.events where event_uid = $uid',
        { uid },
      );
      return seq === undefined ? null : { seq: Number(seq), n: Number(n) };
    } finally {
      close();
    }
  } finally {
    await readable.remove();
  }
}
