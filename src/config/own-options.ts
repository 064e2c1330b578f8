import { isAbsolute, resolve } from 'node:path';
import type { z } from 'zod';
import { usageError } from '../errors.ts';
import { type Documentation, documentationOf } from '../settings/documentation.ts';
import { type CrossProblem, problemAt } from '../settings/problem.ts';
import { hintOf, wording } from './issues.ts';
import type { Lookup } from './lookup.ts';

/** A source or a sink as it is being read. */
export type Part = {
  /** Where it stands: `sources.acme`. */
  at: string;
  /** How messages name it as a whole. */
  where: string;
  /** What the file says; null if the environment alone makes the part. */
  inFile: Readonly<Record<string, unknown>> | null;
  /** Whether the variables of its options concern it. */
  hasVariables: boolean;
};

/** Options as their declaration understands them, and where messages say each is. */
type OwnOptions = {
  options: Readonly<Record<string, unknown>>;
  whereOf: (key: string) => string;
};

/**
 * Reads the options that a vendor or a sink declares: a variable beats the file, the file beats the default. Relative paths
 * start from where they are written.
 *
 * @throws a usage error that names the first option that is wrong, without its value
 */
export function readOwnOptions(lookup: Lookup, part: Part, declared: z.ZodObject): OwnOptions {
  const { at, inFile, hasVariables } = part;
  const given: Record<string, unknown> = {};
  const places = new Map<string, string>();
  for (const [key, option] of Object.entries(declared.shape)) {
    const documentation = documentationOf(option);
    const variable = hasVariables ? documentation.variable : null;
    const set = lookup.variable(variable);
    const value = set?.text ?? inFile?.[key];
    if (set !== undefined || inFile === null) places.set(key, variable ?? part.where);
    if (value === undefined) continue;
    lookup.note(`${at}.${key}`, set?.origin ?? lookup.label, value);
    given[key] = placed(value, documentation, set?.folder ?? lookup.folder);
  }
  const whereOf = (key: string): string => places.get(key) ?? `${at}.${key} in ${lookup.label}`;
  const { data, error } = declared.safeParse(given, { error: wording });
  if (error === undefined) return { options: data, whereOf };
  const [issue] = error.issues;
  const [key = '', ...below] = issue?.path ?? [];
  throw usageError(
    `${[whereOf(String(key)), ...below].join('.')} ${issue?.message ?? 'is refused'}`,
    hintOf(error) ?? 'docs/configuration.md says what it may be',
  );
}

/** Refuses options that are each right and do not go together. */
export function refuse(part: Part, { whereOf }: OwnOptions, problem: CrossProblem | null): void {
  if (problem === null) return;
  throw problemAt(problem.key === undefined ? part.where : whereOf(problem.key), problem);
}

/** Makes a path absolute. A slash at its end says that it is a folder, and stays; `-` is standard output. */
function placed(value: unknown, { isPath }: Documentation, folder: string): unknown {
  if (!isPath || typeof value !== 'string' || value === '-' || isAbsolute(value)) return value;
  return resolve(folder, value) + (value.endsWith('/') ? '/' : '');
}
