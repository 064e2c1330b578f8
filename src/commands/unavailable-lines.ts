import { grouped } from '../platform/grouped.ts';
import { printable } from '../platform/printable.ts';

/** A stream that an account does not have, as `source/stream`, and why. */
export type Unavailable = {
  stream: string;
  error?: { [Key in 'code' | 'message' | 'hint']?: string | undefined } | null | undefined;
};

/** What is not available, once for each reason of a source. Where what to do differs, so does the reason. Pure. */
export function unavailableLines(streams: readonly Unavailable[]): string[] {
  const reasons = grouped(streams, ({ stream, error }) =>
    JSON.stringify([stream.slice(0, stream.indexOf('/')), error?.code, error?.hint]),
  );
  return [...reasons.values()].flatMap((group) => {
    const names = group.map(({ stream }) => stream).join(', ');
    const { message = '', hint = '' } = group[0]?.error ?? {};
    return [
      `not available: ${names}: ${printable(message, 500)}`,
      `  what to do: ${printable(hint, 500)}`,
    ];
  });
}
