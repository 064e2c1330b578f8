/** What the answers of Splunk's HTTP Event Collector (HEC) mean. Pure. */
import { z } from 'zod';
import { printable } from '../../platform/printable.ts';

/**
 * What became of a request with events:
 * - `accepted` all were accepted; with `ackId`, they are indexed only once that number is acknowledged
 * - `refused`  one event was refused: the one at `event`, counted from 0, or null where the answer does not say which.
 *              Those before it are indexed once `ackId` is acknowledged, those after it are not
 * - `later`    may pass by itself
 * - `channel`  the server wants another channel
 * - `no-ack`   the token has no acknowledgement
 * - `person`   a person must act
 */
export type Verdict =
  | { kind: 'accepted'; ackId: number | null }
  | {
      kind: 'refused';
      event: number | null;
      ackId: number | null;
      words: string;
      /** The size was the reason. */
      tooLarge?: boolean;
    }
  | { kind: 'later' | 'channel' | 'no-ack'; words: string }
  | { kind: 'person'; words: string; hint: string };

const ANSWER = z.object({
  text: z.string().catch(''),
  code: z.int(),
  'invalid-event-number': z.int().nonnegative().nullable().catch(null),
  ackId: z.int().nonnegative().nullable().catch(null),
});

/** Success, and success with the remark that a queue is filling up. */
const ACCEPTED = [0, 24, 25];

/** No data, not JSON, no or a blank `event`, bad `fields` or `time`. */
const ABOUT_ONE_EVENT = [5, 6, 12, 13, 15];

const OTHER_CODES: Record<number, 'channel' | 'no-ack'> = { 11: 'channel', 14: 'no-ack' };

const NEW_TOKEN = 'make a token under Settings > Data inputs > HTTP Event Collector and set it';
const NO_CHANNEL =
  'the token requires acknowledgement: set ack to auto, or make a token without it; a proxy must let X-Splunk-Request-Channel through';

const HINTS: Record<number, string> = {
  1: 'the token is disabled: enable it under Settings > Data inputs > HTTP Event Collector',
  2: NEW_TOKEN,
  3: NEW_TOKEN,
  4: NEW_TOKEN,
  7: 'create the index, or add it to those that the token may write to, or set another one',
  10: NO_CHANNEL,
  21: NEW_TOKEN,
  22: 'the token is disabled: enable it under Settings > Data inputs > HTTP Event Collector',
  28: NO_CHANNEL,
};

const CHECK_URL =
  'check that the url is that of the HTTP Event Collector (port 8088 by default), that the collector is enabled, and what a proxy in between does';

/** An answer that is not the collector's own is judged by its status. */
export function judge(status: number, body: string): Verdict {
  const answer = parsed(body);
  const words = wordsOf(status, answer, body);
  if (status === 408 || status === 429 || status >= 500) return { kind: 'later', words };
  if (status === 413) return { kind: 'refused', event: null, ackId: null, words, tooLarge: true };
  if (answer === null) {
    // A proxy's page with status 200 must not pass for an acknowledgement. It may go away by itself.
    return status === 200
      ? { kind: 'later', words: `${words}, which is not an answer of an event collector` }
      : { kind: 'person', words, hint: status === 401 || status === 403 ? NEW_TOKEN : CHECK_URL };
  }
  const { code, ackId } = answer;
  if (status === 200) {
    return ACCEPTED.includes(code) ? { kind: 'accepted', ackId } : { kind: 'later', words };
  }
  if (ABOUT_ONE_EVENT.includes(code)) {
    return { kind: 'refused', event: answer['invalid-event-number'], ackId, words };
  }
  const other = OTHER_CODES[code];
  if (other !== undefined) return { kind: other, words };
  return { kind: 'person', words, hint: HINTS[code] ?? CHECK_URL };
}

const ACKS = z.object({ acks: z.record(z.string(), z.boolean()) });

/** The numbers that an answer of `/services/collector/ack` says are indexed; null if it is no such answer. */
export function acknowledged(status: number, body: string): Set<number> | null {
  const answer = status === 200 ? ACKS.safeParse(json(body)) : null;
  if (answer?.success !== true) return null;
  const indexed = Object.entries(answer.data.acks).filter(([, isIndexed]) => isIndexed);
  return new Set(indexed.map(([id]) => Number(id)));
}

function parsed(body: string): z.infer<typeof ANSWER> | null {
  const answer = ANSWER.safeParse(json(body));
  return answer.success ? answer.data : null;
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function wordsOf(status: number, answer: z.infer<typeof ANSWER> | null, body: string): string {
  if (answer === null) return `status ${status}: ${JSON.stringify(printable(body, 100))}`;
  return `status ${status}, code ${answer.code}: ${printable(answer.text, 100)}`;
}
