import type { Page } from '../../model.ts';
import type { Query, SourceClient } from '../../extract/client.ts';
import { readRow, type Row } from '../../extract/record.ts';
import { type ListPage, scan } from '../../extract/paging/offset.ts';
import { sliceList } from '../../extract/slice/json.ts';

/** Larger than the default of 50 and the largest that invitations allow; a server that caps it at less is coped with, since only an empty page or `total` is an end. */
const LIMIT = '200';

/**
 * A list in the envelope `{data, meta: {count, total, next}}`. `next` is an object, a number or missing, depending on
 * the endpoint, and is not needed. No list has an order that could be relied upon, and only `total` says whether a
 * reading was whole.
 */
export function readList(
  client: SourceClient,
  path: string,
  query: Query = {},
): AsyncIterable<Page> {
  const fetch = async (offset: number): Promise<ListPage> => {
    const asked = { ...query, limit: LIMIT, offset: String(offset) };
    const { value, note } = await client.get(path, asked, parseList);
    return { rows: value.records, note, total: value.total };
  };
  return scan({
    fetch,
    belongs: () => true,
    overlap: 0,
    totalIsProof: true,
    maxPages: Number.MAX_SAFE_INTEGER,
    place: null,
    subject: path,
  });
}

function parseList(body: Buffer): { records: Row[]; total: number | null } {
  const { records, envelope } = sliceList(body, ['data']);
  const meta = (envelope as { meta?: { total?: unknown } | null }).meta;
  return {
    records: records.map((bytes) => readRow(bytes, { id: ['id'], time: [] })),
    total: typeof meta?.total === 'number' ? meta.total : null,
  };
}
