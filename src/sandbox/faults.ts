import { type Answer, bytesOf, html } from './answer.ts';
import type { MinuteLimits } from './minutes.ts';
import { fraction, hash, pick } from './random.ts';

export type FaultKind =
  | '429'
  | '429-retry-after'
  | '429-retry-after-date'
  | '500'
  | 'html-502'
  | 'html-200'
  | 'reset'
  | 'cut'
  | 'json-cut'
  | 'stall'
  | 'stall-headers';

/** Which requests go wrong, and how. Everything may be changed while the sandbox runs. */
export type Faults = {
  /** The share of requests that fail with one of `kinds`, chosen by `seed` and the request's place. */
  rate: number;
  kinds: FaultKind[];
  seed: number;
  /** The paths that can fail; all without it. */
  match?: ((path: string) => boolean) | undefined;
  /** Used up one per request that can fail, before anything else. */
  next: FaultKind[];
  always: FaultKind | null;
  /** Beyond it, 429. */
  rateLimit: { perSecond: number } | null;
  /** Beyond these, 429 until the next minute; `saysWhen` adds how long that is. */
  minutes: { limits: MinuteLimits; saysWhen: boolean } | null;
};

/** How the bytes of an answer travel. */
export type Transport = 'whole' | 'cut' | 'stall' | 'stall-headers' | 'reset';

/** What is needed of a vendor to fail as it does: its own bodies, and its clock in epoch ms. */
type Failing = { failure(status: 429 | 500): Answer; clock(): number };

/** What is sent, and how. */
export type Spoiled = { readonly answer: Answer; readonly transport: Transport };

/** No faults. */
export function noFaults(): Faults {
  const limits = { rateLimit: null, minutes: null };
  return { rate: 0, kinds: ['500'], seed: 1, next: [], always: null, ...limits };
}

/** The fault that meets the request at this place, if any. */
export function chooseFault(faults: Faults, path: string, place: number): FaultKind | undefined {
  if (faults.match !== undefined && !faults.match(path)) return undefined;
  const fixed = faults.next.shift() ?? faults.always;
  if (fixed !== null) return fixed;
  if (fraction(faults.seed, place) >= faults.rate) return undefined;
  return pick(faults.kinds, hash(faults.seed + 1, place));
}

/** What the client gets instead of the right answer, or of a part of it. */
export function spoil(fault: FaultKind, vendor: Failing, answer: () => Answer): Spoiled {
  return SPOILERS[fault](vendor, answer);
}

const SPOILERS: Record<FaultKind, (vendor: Failing, answer: () => Answer) => Spoiled> = {
  '429': (vendor) => whole(vendor.failure(429)),
  '429-retry-after': (vendor) => whole(retryAfter(vendor.failure(429), '1')),
  '429-retry-after-date': (vendor) =>
    whole(retryAfter(vendor.failure(429), nextDate(vendor.clock()))),
  '500': (vendor) => whole(vendor.failure(500)),
  'html-502': () => whole(html(502, 'Bad Gateway', '502 Bad Gateway')),
  'html-200': () => whole(html(200, 'Sign in', 'Sign in to continue')),
  'json-cut': (_vendor, answer) => whole(withoutEnd(answer())),
  cut: (_vendor, answer) => ({ answer: answer(), transport: 'cut' }),
  stall: (_vendor, answer) => ({ answer: answer(), transport: 'stall' }),
  'stall-headers': (_vendor, answer) => ({ answer: answer(), transport: 'stall-headers' }),
  reset: (_vendor, answer) => ({ answer: answer(), transport: 'reset' }),
};

function whole(answer: Answer): Spoiled {
  return { answer, transport: 'whole' };
}

export function retryAfter(answer: Answer, value: string): Answer {
  return { ...answer, headers: { 'retry-after': value } };
}

/** HTTP dates have whole seconds: rounded up, so that the client waits for a second at least. */
function nextDate(now: number): string {
  return new Date(Math.ceil(now / 1000 + 1) * 1000).toUTCString();
}

function withoutEnd(answer: Answer): Answer {
  const bytes = bytesOf(answer);
  return { ...answer, body: bytes.subarray(0, Math.floor(bytes.length * 0.9)) };
}
