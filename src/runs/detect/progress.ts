/** Which events a detection is asked about, and what is remembered of it afterwards. Pure. */
import type { Judged, Millis } from '../../model.ts';
import { DAY } from '../../platform/time.ts';

/** A detection that is new judges so much of the past: the first night must not bring the findings of years. */
const LOOKS_BACK: Millis = 7 * DAY;

export type Range = {
  /** Events up to this seq were judged. */
  after: number;
  /** Nothing that happened before is a finding. */
  since: Millis;
  /** The rule was another one before: all is judged again. */
  isChanged: boolean;
};

/**
 * @param from what happened from then on is judged, and all of it again; null for what is new
 * @param seq the last that there is to judge. More than that was never judged: the archive was restored, or the warehouse that was judged
 *   was forged
 */
export function rangeOf(
  judged: Judged | undefined,
  rule: string,
  { now, from, seq }: { now: Millis; from: Millis | null; seq: number },
): Range {
  const since = Math.min(judged?.since ?? now - LOOKS_BACK, from ?? Number.POSITIVE_INFINITY);
  const isChanged = judged !== undefined && judged.rule !== rule;
  const isSame = judged !== undefined && judged.seq <= seq && !isChanged && from === null;
  return { after: isSame ? judged.seq : 0, since, isChanged };
}
