/** How far work is, in words and in figures. Pure. */

export type At = {
  /** What of the work is being done just now, such as a stream. */
  what?: string;
  done?: number;
  /** How many there are in all; null if it cannot be known. */
  of?: number | null;
  /** What is counted, in the plural. */
  unit?: string;
  /** How far it is, from 0 to 1, where the counts do not say; null if it cannot be known. */
  fraction?: number | null;
  /** How long that took, where it is a part of the work that began later. */
  fractionMs?: number;
};

/** Before this, neither a rate nor what is left is more than a guess. */
const SETTLED_MS = 2000;
const LEAST_SHARE = 0.02;

/** @param elapsedMs since the work began */
export function progressText(phase: string, at: At, elapsedMs: number): string {
  const { perSecond, percent, secondsLeft } = factsOf(at, elapsedMs);
  return [
    phase,
    at.what,
    counts(at),
    perSecond === undefined ? undefined : `${grouped(perSecond)}/s`,
    percent === undefined ? undefined : `${percent} %`,
    secondsLeft === undefined ? elapsed(elapsedMs) : `about ${duration(secondsLeft)} left`,
  ]
    .filter((part) => part !== undefined)
    .join('  ');
}

export type Facts = Omit<At, 'fractionMs'> & {
  perSecond?: number;
  percent?: number;
  secondsLeft?: number;
};

/** What follows from how far it is and how long that took. What is not known is left out. */
export function factsOf(at: At, elapsedMs: number): Facts {
  const { fractionMs = elapsedMs, ...rest } = at;
  const { done, of = null } = rest;
  const fraction =
    at.fraction ?? (done === undefined || of === null || of === 0 ? null : done / of);
  const share = fraction === null ? null : Math.min(1, Math.max(0, fraction));
  const isSettled = elapsedMs >= SETTLED_MS;
  const perSecond = isSettled && done !== undefined ? Math.round((done * 1000) / elapsedMs) : 0;
  return {
    ...rest,
    ...(perSecond > 0 && { perSecond }),
    ...(share !== null && { percent: Math.floor(share * 100) }),
    ...(fractionMs >= SETTLED_MS &&
      share !== null &&
      share >= LEAST_SHARE && {
        secondsLeft: Math.ceil((fractionMs * (1 - share)) / share / 1000),
      }),
  };
}

function counts({ done, of = null, unit = '' }: At): string | undefined {
  if (done === undefined) return undefined;
  return `${grouped(done)}${of === null ? '' : ` of ${grouped(of)}`} ${unit}`.trimEnd();
}

function elapsed(ms: number): string | undefined {
  return ms < SETTLED_MS ? undefined : `${duration(Math.floor(ms / 1000))} so far`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function grouped(number: number): string {
  return number.toLocaleString('en-US');
}
