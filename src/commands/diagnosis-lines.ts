import type { Cause, Diagnosis } from '../documents/common.ts';
import { printable } from '../platform/printable.ts';
import { counted } from '../platform/counted.ts';

/** What is wrong: the verdict, then each cause once with what to do about it. Nothing where nothing is. */
export function diagnosisLines({ verdict, causes }: Diagnosis): string[] {
  if (causes.length === 0) return [];
  return [
    printable(verdict, 500),
    ...causes.flatMap((cause) => [
      // What the verdict has said already is not said again.
      `  ${whatEnded(cause)}${verdict.includes(cause.message) ? '' : `: ${printable(cause.message, 500)}`}`,
      `    what to do: ${printable(cause.hint, 500)}`,
    ]),
    '',
  ];
}

/** How many streams ended for the same reason; the name of a single one. */
function whatEnded({ subject, streams }: Cause): string {
  const [first] = streams;
  if (first === undefined) return subject;
  return streams.length === 1 ? first : `${subject}, ${counted(streams.length, 'stream')}`;
}
