import type { z } from 'zod';

/** Everything wrong with a parsed file, each with its path in the file. Values are not repeated. */
export function problems(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      const keys = issue.keys.map((key) => JSON.stringify(key)).join(', ');
      return `${path === '' ? 'the top level' : path} has the unknown key ${keys}`;
    }
    // The rule that a record's key broke is one level down.
    if (issue.code === 'invalid_key') return `${path} ${issue.issues[0]?.message ?? 'is refused'}`;
    return `${path === '' ? 'the file' : path} ${issue.message}`;
  });
}

/** What to do, if an option says it and nothing else is wrong. */
export function hintOf(error: z.ZodError): string | null {
  const [issue, ...others] = error.issues;
  if (issue === undefined || issue.code !== 'custom' || others.length > 0) return null;
  const hint: unknown = issue.params?.['hint'];
  return typeof hint === 'string' ? hint : null;
}

/** Words for what the schema's own rules find; rules with a message keep it. */
export function wording(issue: {
  code?: string;
  input?: unknown;
  expected?: string;
  values?: unknown[];
  discriminator?: string | undefined;
  options?: unknown[] | undefined;
}): string | undefined {
  const { input, discriminator, options = [] } = issue;
  if (discriminator !== undefined && typeof input === 'object' && input !== null) {
    return discriminator in input ? `must be one of ${options.join(', ')}` : 'is missing';
  }
  if (issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_value') return `must be one of ${(issue.values ?? []).join(', ')}`;
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected ?? 'another'}`;
  return undefined;
}
