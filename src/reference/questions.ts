import { findQuestions } from '../questions/files.ts';
import type { Question } from '../questions/head.ts';
import { isRequired } from '../questions/parameters.ts';
import { code, table } from './markdown.ts';

/** The questions that come with auditlake. */
export function questionTable(): string {
  return table(
    ['question', 'takes', 'answers'],
    findQuestions(null).found.map((question) => [
      code(question.name),
      takes(question),
      `${question.answers}.`,
    ]),
  );
}

function takes({ parameters }: Question): string {
  return Object.entries(parameters)
    .map(([name, parameter]) => {
      const flag = code(`--${name.replaceAll('_', '-')}`);
      if (isRequired(parameter)) return `${flag}: ${parameter.says}`;
      const fallback = parameter.default ?? null;
      const said = fallback === null ? '' : ` (${code(String(fallback))})`;
      return `${flag}${said}: ${parameter.says}`;
    })
    .join('; ');
}
