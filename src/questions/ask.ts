/** What a question is asked with, and of whom it is no answer. Pure. */
import { usageError } from '../errors.ts';
import type { Bound } from '../load/query/bound.ts';
import type { Millis } from '../model.ts';
import { nearestOr } from '../platform/nearest.ts';
import type { Question } from './head.ts';
import { type Declared, lacking } from './needs.ts';
import { defaultOf, isRequired, type Parameter, valueOf, WRITTEN_AS } from './parameters.ts';

type Asked = Pick<Question, 'name' | 'parameters'>;

/** The question of a name. @throws AuditlakeError `usage` with the nearest name if there is none */
export function questionNamed<Kind extends { name: string }>(
  name: string,
  questions: readonly Kind[],
): Kind {
  const found = questions.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = questions.map((each) => each.name);
  throw usageError(
    `there is no question ${name}`,
    nearestOr(name, names, '`auditlake ask` lists them'),
  );
}

/**
 * The values of a question's parameters: out of `--name value`, `--name=value` and, for those that have no default, values without
 * a name, in their order.
 *
 * @throws AuditlakeError `usage` for one that is unknown, missing or not of its type
 */
export function valuesOf(
  question: Asked,
  given: readonly string[],
  now: Millis,
): Record<string, Bound | null> {
  const { parameters } = question;
  const texts = named(question, given);
  const values = Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const text = texts.get(name);
      if (text === undefined) {
        if (!isRequired(parameter)) return [name, defaultOf(parameter, now)];
        throw usageError(
          `${question.name} needs ${flag(name)}: ${parameter.says}`,
          `add ${flag(name)} and ${WRITTEN_AS[parameter.type].replaceAll('`', '')}`,
        );
      }
      const value = valueOf(parameter, text, now);
      if ('what' in value) throw usageError(`${flag(name)} ${text} ${value.what}`, value.hint);
      expectOneOf(name, text, parameter);
      return [name, value];
    }),
  );
  expectPeriod(values);
  return values;
}

function expectOneOf(name: string, text: string, { oneOf }: Parameter): void {
  if (oneOf === undefined || oneOf.includes(text)) return;
  throw usageError(
    `${flag(name)} ${text} is none of what it takes`,
    nearestOr(text, oneOf, `one of ${oneOf.join(', ')}`),
  );
}

/** Of a period that ends before it begins nothing can be answered. */
function expectPeriod({ since, until }: Record<string, Bound | null>): void {
  if (since?.type !== 'instant' || until?.type !== 'instant' || since.value < until.value) return;
  throw usageError('--since is not before --until', 'give a time before it');
}

function named(
  { name: question, parameters }: Asked,
  given: readonly string[],
): Map<string, string> {
  const names = Object.keys(parameters);
  const open = Object.entries(parameters)
    .filter(([, parameter]) => isRequired(parameter))
    .map(([name]) => name);
  const texts = new Map<string, string>();
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at] ?? '';
    const [, option, inline] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const name = option?.replaceAll('-', '_') ?? open.find((one) => !texts.has(one));
    if (name === undefined || !names.includes(name)) throw unknown(question, word, names);
    if (texts.has(name)) throw usageError(`${flag(name)} is given twice`, 'give it once');
    if (option !== undefined && inline === undefined) at += 1;
    const text = option === undefined ? word : (inline ?? given[at]);
    if (text === undefined) throw usageError(`${flag(name)} has no value`, 'put one behind it');
    texts.set(name, text);
  }
  return texts;
}

function unknown(question: string, word: string, names: readonly string[]): Error {
  const takes = names.length === 0 ? 'it takes nothing' : `it takes ${names.map(flag).join(', ')}`;
  return usageError(`${question} does not take ${word}`, nearestOr(word, names.map(flag), takes));
}

function flag(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

/** Of which sources an answer says nothing, and why: `cursor: its log has no sign-ins`. */
export function notAnswered(
  { needs }: Pick<Question, 'needs'>,
  sources: readonly { source: string; vendor: string }[],
  declared: Declared,
): string[] {
  return sources.flatMap(({ source, vendor }) => {
    const lacks = lacking(needs, vendor, declared);
    return lacks.length === 0 ? [] : [`${source}: ${lacks.join(', ')}`];
  });
}
