import { z } from 'zod';
import { nearest } from '../platform/nearest.ts';

/**
 * Everything wrong with a parsed file, each with its path in the file. Values are not repeated.
 *
 * @param schema that the file was parsed with: says what an unknown key may have been meant to be
 */
export function problems(error: z.ZodError, schema: z.ZodType): string[] {
  return error.issues.map((issue) => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
      const known = keysAt(shape as SchemaNode, issue.path);
      const keys = issue.keys.map((key) => JSON.stringify(key) + meant(key, known)).join(', ');
      return `${path === '' ? 'the top level' : path} has the unknown key ${keys}`;
    }
    // The rule that a record's key broke is one level down.
    if (issue.code === 'invalid_key') return `${path} ${issue.issues[0]?.message ?? 'is refused'}`;
    return `${path === '' ? 'the file' : path} ${issue.message}`;
  });
}

type SchemaNode = {
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  oneOf?: SchemaNode[];
  anyOf?: SchemaNode[];
};

/** The keys that may stand at a path of the file. */
function keysAt(schema: SchemaNode, path: readonly PropertyKey[]): string[] {
  let nodes = kindsOf(schema);
  for (const key of path) {
    nodes = nodes
      .flatMap(
        (node) => node.properties?.[String(key)] ?? node.additionalProperties ?? node.items ?? [],
      )
      .flatMap((node) => (typeof node === 'boolean' ? [] : kindsOf(node)));
  }
  return nodes.flatMap(({ properties = {} }) => Object.keys(properties));
}

function kindsOf(node: SchemaNode): SchemaNode[] {
  return [...(node.oneOf ?? node.anyOf ?? [node])];
}

function meant(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  return near === null ? '' : ` (did you mean ${near}?)`;
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
  errors?: readonly (readonly object[])[] | undefined;
}): string | undefined {
  const { input, discriminator, options = [], errors = [] } = issue;
  if (discriminator !== undefined && typeof input === 'object' && input !== null) {
    if (!(discriminator in input)) return 'is missing';
    const given = String((input as Record<string, unknown>)[discriminator]);
    return `must be one of ${options.join(', ')}${meant(given, options.map(String))}`;
  }
  if (issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_value') return `must be one of ${(issue.values ?? []).join(', ')}`;
  if (issue.code === 'invalid_union') {
    const kinds = errors
      .flat()
      .flatMap(
        (error: { expected?: string; values?: unknown[] }) => error.values ?? error.expected ?? [],
      );
    return `must be one of these: ${kinds.join(', ')}`;
  }
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected ?? 'another'}`;
  return undefined;
}
