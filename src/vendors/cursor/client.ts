import { type Diagnosis, diagnoseRefusal } from '../../extract/diagnosis.ts';
import type { CountedPage } from '../../extract/paging/counted-list.ts';
import { type FieldNames, readRow, type Row } from '../../extract/record.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { fieldsOf, isObject } from '../../extract/slice/object.ts';
import { printable } from '../../platform/printable.ts';

/** The key is the user name of HTTP's basic authentication, without a password. Bearer tokens are documented for agents alone. */
export function authorize(key: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${key}:`, 'utf8').toString('base64')}` };
}

/** What a page of a list says of the whole: five envelopes, by the names of their fields. */
type Numbers = Pick<CountedPage, 'total' | 'more'>;

/** The rows of a page under one of the keys `lists`, and what its envelope says of the others. */
export function parsePage(
  body: Buffer,
  lists: readonly string[],
  fields: FieldNames,
): Numbers & { records: Row[]; envelope: Record<string, unknown> } {
  const { records, envelope } = sliceList(body, lists);
  const top = isObject(envelope) ? envelope : {};
  return {
    records: records.map((bytes) => readRow(bytes, fields)),
    envelope: top,
    ...numbersOf(top),
  };
}

const TOTALS = ['totalCount', 'totalUsers', 'totalItems', 'totalUsageEventsCount', 'totalMembers'];
const PAGES = ['totalPages', 'numPages'];
const PAGE = ['page', 'currentPage'];

/** Most endpoints have the numbers under `pagination`, some at the top. Pure. */
export function numbersOf(envelope: Record<string, unknown>): Numbers {
  const { pagination } = envelope;
  const numbers = { ...envelope, ...(isObject(pagination) ? pagination : {}) };
  const number = (names: readonly string[]): number | null => {
    const found = names.map((name) => numbers[name]).find((value) => typeof value === 'number');
    return typeof found === 'number' ? found : null;
  };
  const { hasNextPage } = numbers as { hasNextPage?: unknown };
  const [page, pages] = [number(PAGE), number(PAGES)];
  const isLast = page === null || pages === null ? null : page >= pages;
  return {
    total: number(TOTALS),
    more: typeof hasNextPage === 'boolean' ? hasNextPage : isLast === null ? null : !isLast,
  };
}

const TEAM_KEY =
  'a team administrator makes a key under Dashboard, Settings, Advanced, Admin API Keys; set it as CURSOR_TOKEN or CURSOR_TOKEN_FILE';

/**
 * Reads Cursor's error bodies: `{error, message}`, `{code: "error", message}`, `{error}` or `{outcome: "error", message}`.
 *
 * @returns null where the status alone says enough
 */
export function diagnose(status: number, body: Buffer): Diagnosis | null {
  const message = messageIn(body);
  const what = message === '' ? `status ${status}` : `status ${status}: ${printable(message)}`;
  if (status === 409) {
    return {
      fault: 'absent',
      code: 'not-applicable',
      what,
      hint: 'model access has no settings of its own in this team: nothing else depends on it',
    };
  }
  if (status === 401 && /feature|disabled|not enabled/i.test(message)) {
    return {
      fault: 'forbidden',
      code: 'feature-off',
      what,
      hint: 'the feature is switched off for the team; nothing else depends on it',
    };
  }
  return diagnoseRefusal(status, what, {
    refused: TEAM_KEY,
    forbidden: 'the plan does not include this endpoint, or the key is of another team',
    absent:
      'Cursor has no such endpoint, or no longer: check the base URL; nothing else depends on it',
  });
}

function messageIn(body: Buffer): string {
  const { message, error } = fieldsOf(body);
  const found = [message, error].find((text) => typeof text === 'string');
  return typeof found === 'string' ? found : '';
}

/** A person is known by the address alone in every answer: ids have two forms, and some answers have none. */
export function personKey(email: unknown, id: unknown): string | null {
  if (typeof email === 'string' && email !== '') return email.toLowerCase();
  if (typeof id === 'string' && id !== '') return id;
  return typeof id === 'number' ? String(id) : null;
}
