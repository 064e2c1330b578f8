/** Reads the beginning of an SQL text as DuckDB's own parser does. Pure. */

const SPACE = /\s*/y;
const WORD = /\w+/y;

/** Where the text goes on behind blanks and comments. Comments between slashes nest. */
export function skipBlank(sql: string, from = 0): number {
  for (let at = from; ;) {
    at += matchAt(SPACE, sql, at).length;
    if (sql.startsWith('--', at)) at = lineEnd(sql, at);
    else if (sql.startsWith('/*', at)) at = commentEnd(sql, at);
    else return at;
  }
}

/** The statement that an EXPLAIN explains; null if the text is no EXPLAIN. */
export function explained(sql: string): string | null {
  const start = skipBlank(sql);
  const word = matchAt(WORD, sql, start);
  if (word.toLowerCase() !== 'explain') return null;
  let at = skipBlank(sql, start + word.length);
  const next = matchAt(WORD, sql, at);
  if (next.toLowerCase() === 'analyze') at = skipBlank(sql, at + next.length);
  // Options in parentheses, such as (format json); a statement in parentheses begins otherwise.
  const options = /\(\s*(?:analyze|format)\b[^()]*\)/iy;
  return sql.slice(at + matchAt(options, sql, at).length);
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function lineEnd(sql: string, from: number): number {
  const end = sql.indexOf('\n', from);
  return end === -1 ? sql.length : end;
}

function commentEnd(sql: string, from: number): number {
  let depth = 0;
  for (let at = from; at < sql.length; at += 1) {
    const pair = sql.slice(at, at + 2);
    if (pair === '/*') depth += 1;
    else if (pair === '*/') depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return at + 1;
  }
  return sql.length;
}
