/** Reads the comment that a question begins with. Pure: from a text to a question, or to what is wrong with it. */
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { SEVERITIES } from '../model.ts';
import { NAMED_KINDS } from './named.ts';
import { needFault } from './needs.ts';
import { isReserved, parameterFault, PARAMETER_TYPES } from './parameters.ts';

const text = z.string().min(1, 'is empty');
const word = z.string().regex(/^[a-z]\w*$/, 'is not a word in lower case');

const parameter = z
  .strictObject({
    type: z.enum(PARAMETER_TYPES),
    default: z.union([z.string(), z.number(), z.null()]).optional(),
    says: text,
    names: z.enum(NAMED_KINDS).optional(),
    oneOf: z.array(text).readonly().optional(),
    atLeast: z.number().optional(),
  })
  .superRefine((given, context) => {
    const fault = parameterFault(given);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  });

const need = text.superRefine((given, context) => {
  const fault = needFault(given);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});

const QUESTION = {
  title: text,
  answers: text,
  parameters: z
    .record(word, parameter)
    .superRefine((given, context) => {
      for (const name of Object.keys(given).filter(isReserved)) {
        context.addIssue({ code: 'custom', path: [name], message: 'is an option of the command' });
      }
    })
    .default({}),
  columns: z.record(z.string().regex(/^\w+$/, 'is not the name of a column'), text),
  needs: z.array(need).default([]),
};

const question = z.strictObject(QUESTION);

const detection = z
  .strictObject({
    ...QUESTION,
    severity: z.enum(SEVERITIES),
    attack: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/, 'is no ATT&CK technique')).default([]),
    atlas: z
      .array(z.string().regex(/^AML\.T\d{4}(\.\d{3})?$/, 'is no ATLAS technique'))
      .default([]),
    sigma: text.optional(),
    falsePositives: text,
    respond: text,
    key: z.array(text).min(1, 'names no column'),
  })
  .superRefine(({ key, columns }, context) => {
    const missing = key.filter((name) => !Object.hasOwn(columns, name));
    if (missing.length === 0) return;
    const message = `names ${missing.join(', ')}, which columns has not`;
    context.addIssue({ code: 'custom', path: ['key'], message });
  });

/** What every question says of itself, and its SQL without the head: as many lines, so that DuckDB's messages name the right one. */
type Asked = { name: string; sql: string };

/** Asks for something that a person wants to know. */
export type Question = z.output<typeof question> & Asked;

/** Its rows are findings. */
export type Detection = z.output<typeof detection> & Asked;

export type Severity = (typeof SEVERITIES)[number];

/** What a file holds, or what is wrong with it. */
export type Read<Kind> = { found: Kind } | { faults: string[] };

export function readQuestion(name: string, file: string): Read<Question> {
  return read(name, file, question);
}

export function readDetection(name: string, file: string): Read<Detection> {
  return read(name, file, detection);
}

const HEAD = /^\s*\/\*([\s\S]*?)\*\//;

function read<Head extends object>(
  name: string,
  file: string,
  schema: z.ZodType<Head>,
): Read<Head & Asked> {
  const [comment = '', yaml] = HEAD.exec(file) ?? [];
  if (yaml === undefined) return { faults: ['it does not begin with a head: /* … */'] };
  const document = parseDocument(yaml);
  if (document.errors.length > 0) {
    return { faults: document.errors.map(({ message }) => `the head is not YAML: ${message}`) };
  }
  const parsed = schema.safeParse(document.toJS());
  if (!parsed.success) {
    const { issues } = parsed.error;
    return { faults: issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
  }
  const lines = comment.split('\n').length - 1;
  return { found: { ...parsed.data, name, sql: '\n'.repeat(lines) + file.slice(comment.length) } };
}
