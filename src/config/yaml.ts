import { LineCounter, parseDocument } from 'yaml';
import { type AuditlakeError, usageError } from '../errors.ts';

/**
 * Parses YAML; an empty text is an empty object. The parser's own messages quote the text, which may be a token: of them
 * only the kind of mistake and its place are repeated.
 *
 * @param label how messages name the file
 */
export function parseYaml(text: string, label: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    throw badYaml(label, `line ${line}, column ${col}: ${problem.code.toLowerCase()}`);
  }
  try {
    return (document.toJS() as unknown) ?? {};
  } catch {
    throw badYaml(label, 'an alias without its anchor, or too many of them');
  }
}

function badYaml(label: string, what: string): AuditlakeError {
  return usageError(
    `${label} is not valid YAML: ${what.replaceAll('_', ' ')}`,
    'correct the indentation there, and put texts with special characters in quotes',
  );
}
