import type { StreamDocument } from '../documents/run.ts';
import { printable } from '../platform/printable.ts';

const WORDS = {
  unavailable: 'unavailable',
  gone: 'deleted at the vendor',
  awaited: 'not reported on by the vendor yet',
};

/** The parts of a stream that ended without their records, a line or two for each reason. */
export function partLines(stream: string, parts: StreamDocument['parts']): string[] {
  return (parts?.reasons ?? []).flatMap(({ ended, parts: count, first, message, hint }) => {
    const others = count === 1 ? '' : ` and ${count - 1} more`;
    const line = `${stream}: ${printable(first)}${others} ${WORDS[ended]}: ${printable(message, 500)}`;
    return ended !== 'unavailable' ? [line] : [line, `  what to do: ${printable(hint, 500)}`];
  });
}

/** What a stream brought again that had been pruned. */
export function keptOutLines(stream: string, count = 0): string[] {
  const what =
    count === 1 ? 'a record that was pruned is' : `${count} records that were pruned are`;
  return count === 0 ? [] : [`${stream}: ${what} still served by the vendor, and kept out`];
}
