import { type Diagnosis, diagnoseRefusal } from '../../extract/diagnosis.ts';
import type { Query, SourceClient } from '../../extract/client.ts';
import { type ListPage, scan } from '../../extract/paging/offset.ts';
import { Keyer, readRow, type Row } from '../../extract/record.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { fieldsOf, isObject } from '../../extract/slice/object.ts';
import type { Page } from '../../model.ts';
import { isoSecond } from '../../platform/time.ts';
import { printable } from '../../platform/printable.ts';

/**
 * More than the default of 50, and the most that invitations allow. A server that caps pages at less does no harm: only an
 * empty page or `total` ends a list.
 */
const LIMIT = '200';

/** Lists say `id`; what is said of one user or team elsewhere has the longer names, in either spelling. */
const IDS = ['id', 'user_id', 'userId', 'team_id', 'teamId'];

/**
 * A list in the envelope `{data, meta: {count, total, next}}`. `next` is an object, a number or missing, depending on
 * the endpoint, and is not needed. No list has a reliable order, and only `total` says whether a reading was whole.
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
    overlaps: true,
    totalIsProof: true,
    place: null,
    subject: path,
  });
}

function parseList(body: Buffer): { records: Row[]; total: number | null } {
  const { records, envelope } = sliceList(body, ['data']);
  const meta = (envelope as { meta?: { total?: unknown } | null }).meta;
  return {
    records: records.map((bytes) => readRow(bytes, { id: IDS, time: [] })),
    total: typeof meta?.total === 'number' ? meta.total : null,
  };
}

/** A list without envelope and paging, its records keyed by the first of the fields `id` that they have. */
export async function readBareList(
  client: SourceClient,
  path: string,
  query: Query,
  id: readonly string[],
): Promise<Page> {
  const { value, note } = await client.get(path, query, (body) => {
    const keyer = new Keyer();
    const { records } = sliceList(body, ['data']);
    return {
      records: records.map((bytes) => keyer.key(readRow(bytes, { id, time: [] }))),
    };
  });
  return { note, records: value.records, place: null };
}

/** A page about one member: its records are keyed by the member too, since another may have the same. */
export function ofMember(page: Page, member: string, context: Record<string, string>): Page {
  const records = page.records.map((record) => ({ ...record, key: `${member}/${record.key}` }));
  return { ...page, records, note: { ...page.note, context } };
}

/** Bounds are asked for in whole seconds: fractions are rejected, with a message that does not say why. */
export function wholeSecond(at: number): string {
  return isoSecond(at);
}

/**
 * Reads Tabnine's error bodies. At least five shapes exist: `error` may be a code, an object or
 * missing, and what matters may stand in `message`, `error.message` or `error.errors`.
 *
 * @returns null where the status alone says enough
 */
export function diagnose(status: number, body: Buffer): Diagnosis | null {
  const { code, message } = readError(body);
  const what = message === '' ? `status ${status}` : `status ${status}: ${printable(message)}`;
  if (status === 401 && /invalid organi[sz]ation/i.test(message)) {
    // The token is fine: the endpoint wants organizationId. Taken for a bad token, it would be replaced for nothing.
    return {
      fault: 'rejected',
      code: 'organization-required',
      what,
      hint: 'the endpoint wants the organization named: please report it with this message',
    };
  }
  if (status === 403 && code === 'FEATURE_NOT_AVAILABLE') {
    return {
      fault: 'forbidden',
      code: 'feature-not-licensed',
      what,
      hint: 'the licence does not include this feature: ask Tabnine, or leave it; nothing else depends on it',
    };
  }
  if (status === 500 && /indexing service/i.test(message)) {
    // Documented as the normal answer of an installation without that service: a repeat brings the same.
    return {
      fault: 'absent',
      code: 'indexing-not-configured',
      what,
      hint: 'repositories are listed once the indexing service is configured; nothing else depends on it',
    };
  }
  return diagnoseRefusal(status, what, {
    refused:
      'an Admin makes a new token in the console under Settings, Access Tokens; set it as TABNINE_TOKEN or TABNINE_TOKEN_FILE',
    forbidden: 'the token must belong to a user with the role Admin',
    absent:
      'an older private installation may lack this endpoint; `auditlake check` shows which version introduced it',
  });
}

function readError(body: Buffer): { code: string; message: string } {
  const value = fieldsOf(body);
  const { error } = value;
  const inner = isObject(error) ? error : {};
  const list = Array.isArray(inner['errors']) ? inner['errors'].map(String) : [];
  const message = [value['message'], inner['message'], ...list].filter(
    (m) => typeof m === 'string',
  );
  return { code: typeof error === 'string' ? error : '', message: message.join('; ') };
}
