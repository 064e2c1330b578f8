import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  stringEnd,
} from './json-bytes.ts';

/** A text that is a value: the names and places of elements that lead to it, and its first quote. */
export type FoundText = { path: readonly string[]; start: number };

/** Every text of a body that is a value, in order. Names of fields are none. @param body is JSON */
export function* textsOf(body: Buffer): Generator<FoundText> {
  /** Of what is open: the name of the field or the place of the element that is being read. */
  const path: (string | number)[] = [];
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i];
    if (byte === OPEN_OBJECT) path.push('');
    else if (byte === OPEN_LIST) path.push(0);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) path.pop();
    else if (byte === COMMA) {
      const place = path.at(-1);
      if (typeof place === 'number') path[path.length - 1] = place + 1;
    } else if (byte === QUOTE) {
      const end = stringEnd(body, i);
      const colon = skipSpace(body, end + 1);
      if (body[colon] === COLON) {
        path[path.length - 1] = JSON.parse(body.toString('utf8', i, end + 1)) as string;
        i = colon;
        continue;
      }
      yield { path: path.map(String), start: i };
      i = end;
    }
  }
}
