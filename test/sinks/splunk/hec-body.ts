/**
 * How Splunk 10 reads a body of `/services/collector/event`: objects one after the other, with or without something
 * between them; the first bad one ends the reading, and those before it count.
 */
import { z } from 'zod';

export type Indexed = {
  uid: string;
  revision: number;
  time: number | undefined;
  index: string | undefined;
  sourcetype: string | undefined;
  source: string | undefined;
  host: string | undefined;
  fields: Record<string, string>;
  /** The event's text as it came. */
  raw: string;
};

export type Fault = { code: number; text: string; number: number };

const TEXT = z.string().optional();
const FIELDS = z.record(z.string(), z.string());

/** @param isPoison events that are refused as if they were no JSON */
export function readBody(
  body: string,
  isAllowed: (index: string | undefined) => boolean,
  isPoison: (uid: string) => boolean,
): { events: Indexed[]; fault: Fault | null } {
  const events: Indexed[] = [];
  const stop = (code: number, text: string, number = events.length) => ({
    events,
    fault: { code, text, number },
  });
  for (const text of objectsIn(body)) {
    let object: Record<string, unknown>;
    try {
      object = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    } catch {
      return stop(6, 'Invalid data format');
    }
    if (!('event' in object)) return stop(12, 'Event field is required');
    if (object['event'] === '' || object['event'] === null) {
      return stop(13, 'Event field cannot be blank');
    }
    const fields = FIELDS.safeParse(object['fields'] ?? {});
    const { time } = object;
    if (!fields.success || !['number', 'undefined'].includes(typeof time)) {
      return stop(15, 'Error in handling indexed fields');
    }
    const index = TEXT.parse(object['index']);
    // This one code counts from 1.
    if (!isAllowed(index)) return stop(7, 'Incorrect index', events.length + 1);
    const uid = fields.data['event_uid'] ?? fields.data['row_uid'] ?? '';
    if (isPoison(uid)) return stop(6, 'Invalid data format');
    events.push({
      uid,
      revision: Number(fields.data['revision']),
      time: z.number().optional().parse(time),
      index,
      sourcetype: TEXT.parse(object['sourcetype']),
      source: TEXT.parse(object['source']),
      host: TEXT.parse(object['host']),
      fields: fields.data,
      raw: text.slice(text.indexOf('"event":') + '"event":'.length, -1),
    });
  }
  return { events, fault: null };
}

/** The texts of the objects on the outermost level; a rest that does not close is one more. */
function* objectsIn(body: string): Generator<string> {
  let depth = 0;
  let start = 0;
  const marks = /"(?:[^"\\]|\\.)*"|[{}]/gs;
  for (const { 0: mark, index } of body.matchAll(marks)) {
    if (mark === '{') {
      if (depth === 0) start = index;
      depth += 1;
    } else if (mark === '}') {
      depth -= 1;
      if (depth === 0) yield body.slice(start, index + 1);
    }
  }
  if (depth !== 0 || (body.trim() !== '' && !body.includes('{'))) yield body.slice(start);
}
