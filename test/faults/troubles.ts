/** What can be wrong with a disk. */
import type { Fate, Trouble } from './disk.ts';

export type Moment = 'before' | 'half' | 'after';

const DONE: Fate = { done: 'all', fail: null };
const DONE_AT = { before: 'nothing', half: 'half', after: 'all' } as const;

/** What a write ends with once the process is "dead". */
export class Crash extends Error {
  override name = 'Crash';
}

/** The process dies at a write, which has not happened yet, is half done, or is done; nothing is written any more. */
export function crashAt(place: number, moment: Moment): Trouble {
  const fail = (): Error => new Crash(`the process died at write ${place}`);
  return (write) => {
    if (write.place < place) return DONE;
    return { done: write.place === place ? DONE_AT[moment] : 'nothing', fail };
  };
}

/** The disk is full at one write, or from it on. A full disk takes half of a content, and lets things be taken away. */
export function fullAt(place: number, lasts: 'once' | 'for-good'): Trouble {
  return (write) => {
    const { operation } = write;
    const needsRoom = /^(open|write|mkdir|symlink|copyFile|sync)$/.test(operation);
    const isFull = lasts === 'once' ? write.place === place : write.place >= place && needsRoom;
    if (!isFull) return DONE;
    return { done: 'half', fail: () => systemError('ENOSPC', 'no space left on device', write) };
  };
}

/** The disk was mounted, or remounted after an error of its own, so that it is only read. */
export const readOnly: Trouble = (write) =>
  write.operation === 'sync'
    ? DONE
    : { done: 'nothing', fail: () => systemError('EROFS', 'read-only file system', write) };

/** The kernel ends the process at a write, really. */
export function killAt(place: number, moment: Moment): Trouble {
  return (write) => (write.place === place ? { done: DONE_AT[moment], fail: killed } : DONE);
}

function killed(): Error {
  process.kill(process.pid, 'SIGKILL');
  return new Crash('the process lives on after SIGKILL');
}

/** Nothing is wrong until a write whose operation and path look like this; from there on it is the trouble of that place. */
export function from(pattern: RegExp, trouble: (place: number) => Trouble): Trouble {
  let begun: Trouble | null = null;
  return (write) => {
    if (pattern.test(`${write.operation} ${write.path}`)) begun ??= trouble(write.place);
    return begun === null ? DONE : begun(write);
  };
}

function systemError(
  code: string,
  what: string,
  { operation, path }: { operation: string; path: string },
): Error {
  const error = new Error(`${code}: ${what}, ${operation} '${path}'`);
  return Object.assign(error, { code, syscall: operation, path });
}
