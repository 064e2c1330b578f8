/**
 * The one rule for ids and other texts of a vendor that are kept outside of its records: in keys, paths, cursors, and the ledger.
 * What is kept there is well-formed Unicode without NUL, and short, since JSON and DuckDB refuse the one and would carry
 * the other along for ever.
 *
 * An id that is both is its own key. Any other is kept as a hash of itself, and so is one that looks like such a hash:
 * two ids never share a key.
 */
import { hash } from 'node:crypto';

/** UTF-16 code units of an id that is its own key. */
const MAX_ID_LENGTH = 1_024;

/** What a key begins with that was made of an id, and of a whole record. */
const OF_ID = 'sha256-of-id:';
const OF_RECORD = 'sha256:';

/** A key that was made of a whole record, as a pattern. */
export const KEY_OF_CONTENT = `${OF_RECORD}[0-9a-f]{64}#[0-9]+`;
const MADE = `(?:${OF_ID}[0-9a-f]{64}|${KEY_OF_CONTENT})`;

const WHOLE_MADE = new RegExp(`^${MADE}$`);

/** NUL, and halves of surrogate pairs. */
const UNFIT = /[\0\p{Cs}]/gu;

/** The key of a record that has this id. */
export function keyOfId(id: string): string {
  return isFit(id) && !WHOLE_MADE.test(id) ? id : hashed(id);
}

/** The key of a record without an id; `ordinal` tells it from the others with the same content. */
export function keyOfContent(bytes: Buffer, ordinal: number): string {
  return `${OF_RECORD}${hash('sha256', bytes, 'hex')}#${ordinal}`;
}

/** Whether a key says nothing that the vendor could be asked about. */
export function isMadeKey(key: string): boolean {
  return WHOLE_MADE.test(key);
}

/** A key as it stands in an archive: earlier versions kept ids of any kind. */
export function keyAsKept(key: string): string {
  return isFit(key, 4 * MAX_ID_LENGTH) ? key : hashed(key);
}

/** A text that is no key, for where it must not break what holds it. */
export function wellFormed(text: string): string {
  return text.replace(UNFIT, '\uFFFD');
}

/** For `JSON.stringify`: every text in a value as `wellFormed` has it. */
export function wellFormedTexts(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? wellFormed(value) : value;
}

function isFit(text: string, longest = MAX_ID_LENGTH): boolean {
  return text.length <= longest && text.search(UNFIT) < 0;
}

/** Of its code units: encoded as UTF-8, all halves of pairs would be the same. */
function hashed(id: string): string {
  return `${OF_ID}${hash('sha256', Buffer.from(id, 'utf16le'), 'hex')}`;
}

/** `internal.id_of(key)`: the vendor's id; null for a key that was made. */
export const KEY_SQL = `
create macro internal.id_of("key") as
  case when not (starts_with("key", 'sha256') and regexp_full_match("key", '${MADE}')) then "key" end;
`;
