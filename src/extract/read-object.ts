import type { Page } from '../model.ts';
import type { Ask, SourceClient } from './client.ts';
import { parseObject } from './slice/object.ts';

/** An answer that is one object, as a page with one record. */
export async function readObject(client: SourceClient, ask: Ask, key: string): Promise<Page> {
  const { value, note } = await client.read(ask, (body) => {
    parseObject(body);
    return { records: [{ bytes: body, key, time: null }] };
  });
  return { note, records: value.records, place: null };
}
