import { withoutMark } from './byte-order-mark.ts';
import { OPEN_LIST, OPEN_OBJECT, skipSpace, valueEnd } from './json-bytes.ts';
import { sliceList } from './json.ts';
import { MalformedBody } from './malformed-body.ts';

/**
 * Cuts a body of JSON objects that follow one another: a line each, several on a line, an object over several lines, or all of
 * them in a list. The slices share memory with it.
 *
 * @throws MalformedBody if it is cut, or anything else stands between them
 */
export function sliceJoined(marked: Buffer): Buffer[] {
  const body = withoutMark(marked);
  const records: Buffer[] = [];
  let at = skipSpace(body, 0);
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
