import { OPEN_LIST, OPEN_OBJECT, skipSpace, valueEnd } from './json-bytes.ts';
import { sliceList } from './json.ts';
import { MalformedBody } from './malformed-body.ts';

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Cuts a body of JSON objects that follow one another: a line each, several on a line, an object over several lines, or all of
 * them in a list. The slices share memory with `body`.
 *
 * @throws MalformedBody if it is cut, or anything else stands between them
 */
export function sliceJoined(body: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let at = skipSpace(body, body.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0);
  if (body[at] === OPEN_LIST) return sliceList(body.subarray(at), ['']).records;
  while (at < body.length) {
    if (body[at] !== OPEN_OBJECT) {
      throw new MalformedBody('the body has something else than objects');
    }
    const end = valueEnd(body, at);
    records.push(body.subarray(at, end));
    at = skipSpace(body, end);
  }
  return records;
}
