import type { Registry } from '../config/registry.ts';
import { findQuestions } from '../questions/files.ts';
import type { Question } from '../questions/head.ts';
import { lacking } from '../questions/needs.ts';
import { isRequired } from '../questions/parameters.ts';
import { transformOf } from '../transform/transform.ts';
import { code, table } from './markdown.ts';

/** The questions that come with auditlake, and the vendors that have nothing to answer one with. */
export function questionTable({ vendors }: Registry): string {
  const declared = transformOf(vendors);
  return table(
    ['question', 'takes', 'answers', 'not for'],
    findQuestions(null).found.map((question) => [
      code(question.name),
      takes(question),
      `${question.answers}.`,
      vendors
        .filter(({ type }) => lacking(question.needs, type, declared).length > 0)
        .map(({ title }) => title)
        .join(', '),
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
