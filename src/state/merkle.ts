/**
 * A hash tree over the lines of a batch, or over ledger lines: a few hashes prove that one line is among them. Pure. A shell
 * script can climb it, because a node is the SHA-256 of two concatenated hashes in hex. A line starts with `{` and a node's
 * text with a hex digit, so neither can pass for the other.
 */
import { hash } from 'node:crypto';

/** One step up from a hash: its neighbour, and the side that neighbour is on. */
export type Step = `left:${string}` | `right:${string}`;

/** The hash of a line, without its newline. */
export function leaf(line: Buffer | string): string {
  return hash('sha256', line);
}

/** The root over hashes in order; null if there are none. The last hash of a level with an odd number moves up unchanged. */
export function rootOf(leaves: readonly string[]): string | null {
  let level = leaves;
  while (level.length > 1) level = levelAbove(level);
  return level[0] ?? null;
}

/** The steps from the hash at `index` up to the root. */
export function pathOf(leaves: readonly string[], index: number): Step[] {
  const steps: Step[] = [];
  let at = index;
  for (let level = leaves; level.length > 1; level = levelAbove(level)) {
    const isRight = at % 2 === 1;
    const neighbour = level[isRight ? at - 1 : at + 1];
    if (neighbour !== undefined) steps.push(`${isRight ? 'left' : 'right'}:${neighbour}`);
    at = Math.floor(at / 2);
  }
  return steps;
}

/** Where the steps lead from a hash. */
export function climb(from: string, steps: readonly Step[]): string {
  let at = from;
  for (const step of steps) {
    const neighbour = step.slice(step.indexOf(':') + 1);
    at = step.startsWith('left:') ? node(neighbour, at) : node(at, neighbour);
  }
  return at;
}

function levelAbove(level: readonly string[]): string[] {
  const above: string[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i] ?? '';
    const right = level[i + 1];
    above.push(right === undefined ? left : node(left, right));
  }
  return above;
}

function node(left: string, right: string): string {
  return hash('sha256', left + right);
}
