import { printable } from './printable.ts';

/** What every line has, or says in another way. */
const KNOWN = new Set(['level', 'time', 'name', 'msg', 'err']);

/** A line of the log as a person at a terminal reads it: level, sentence, and what else it has. Pure. */
export function logLine(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown>;
  const { level, msg = '', err } = line;
  const more = Object.entries(line)
    .filter(([name]) => !KNOWN.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const cause = messageIn(err);
  const sentence = `${String(msg)}${cause === '' ? '' : `: ${cause}`}`;
  const rest = more.length === 0 ? '' : ` (${more.join(' ')})`;
  return `${String(level).toUpperCase().padEnd(5)} ${printable(`${sentence}${rest}`, 1000)}\n`;
}

/** Of an error as pino writes it. */
function messageIn(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return '';
  return String(error.message);
}
