/** Where SQL statements end in a text that somebody is still typing. Pure. */
import { skipBlank } from './sql-text.ts';

type Statements = {
  /** Each without its semicolon. */
  whole: string[];
  /** What has no semicolon yet; empty if that is nothing but blanks and comments. */
  rest: string;
};

/** Cuts a text at the semicolons that end statements, and not at those within strings, quoted names and comments. */
export function statementsIn(text: string): Statements {
  const whole: string[] = [];
  let start = 0;
  for (let at = skipBlank(text); at < text.length; at = skipBlank(text, at)) {
    if (text[at] === ';') {
      const statement = text.slice(start, at).trim();
      if (skipBlank(statement) < statement.length) whole.push(statement);
      at += 1;
      start = at;
    } else {
      at = tokenEnd(text, at);
    }
  }
  const rest = text.slice(start);
  return { whole, rest: skipBlank(rest) < rest.length ? rest : '' };
}

const DOLLARS = /\$\w*\$/y;
const ESCAPING = /[eE]'/y;

/** Behind the string or quoted name that begins here, or behind one character. One that does not end takes the rest. */
function tokenEnd(text: string, at: number): number {
  if (matches(ESCAPING, text, at) !== null) return quotedEnd(text, at + 2, "'", true);
  const [quote = ''] = text.slice(at, at + 1);
  if (quote === "'" || quote === '"') return quotedEnd(text, at + 1, quote, false);
  const tag = matches(DOLLARS, text, at);
  if (tag === null) return at + 1;
  const end = text.indexOf(tag, at + tag.length);
  return end === -1 ? text.length : end + tag.length;
}

function quotedEnd(text: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from; at < text.length; at += 1) {
    if (escapes && text[at] === '\\') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}

function matches(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
