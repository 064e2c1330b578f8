import type { Invocation } from '../runs/context.ts';

/** Whether somebody sits there to type and to read. */
export function isTyped({ stdin, stdout }: Pick<Invocation, 'stdin' | 'stdout'>): boolean {
  return isTerminal(stdin) && isTerminal(stdout);
}

export function isTerminal(stream: object): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}
