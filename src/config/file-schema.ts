import { z } from 'zod';
import { textOption } from '../settings/options.ts';
import { NAME } from '../settings/names.ts';
import { generalShape } from './general.ts';
import type { Registry } from './registry.ts';
import { scheduleSchema } from './schedule-schema.ts';
import { sinkSchema } from './sink-schema.ts';
import { sourceSchema } from './source-schema.ts';

/**
 * The configuration file as users write it, for the vendors and sinks that there are. It judges the shape, for editors and
 * for errors that name the place. What is read later is the file itself, so that what was left out stays visible.
 */
export function fileSchemaOf({ vendors, sinks }: Registry) {
  return z.strictObject({
    ...generalShape,
    sources: z
      .record(
        z.string().regex(NAME, 'cannot be used as the name of a source'),
        z.discriminatedUnion('type', some(vendors.map(sourceSchema))),
      )
      .describe('Accounts at vendors. The name is the `source` in every table.')
      .optional(),
    sinks: z
      .record(
        z.string().regex(NAME, 'cannot be used as the name of a sink'),
        z.discriminatedUnion('type', some(sinks.map(sinkSchema))),
      )
      .describe('Where rows and files are [delivered](deliveries.md).')
      .optional(),
    schedule: scheduleSchema.describe('What `auditlake schedule` runs, and when.').optional(),
    signing: z
      .strictObject({
        key: textOption('The Ed25519 private key in PEM, as `"${VARIABLE}"`.')
          .meta({ variable: 'AUDITLAKE_SIGNING_KEY' })
          .optional(),
        keyFile: textOption('A file that holds it.')
          .meta({ variable: 'AUDITLAKE_SIGNING_KEY_FILE' })
          .optional(),
      })
      .describe('The key that every run [signs](trust.md#signing) the head of the ledger with.')
      .optional(),
    trustedKeys: z
      .array(z.string())
      .describe(
        'Files with the public keys that signatures must be of; in the variable with commas.',
      )
      .meta({ variable: 'AUDITLAKE_TRUSTED_KEYS', fallback: 'that of the signing key' })
      .optional(),
  });
}

export type FileSchema = ReturnType<typeof fileSchemaOf>;

/** A file that the schema accepts, as it is written. */
export type FileConfig = z.input<FileSchema>;

/** The JSON Schema of the configuration file, for editors. */
export function configJsonSchema(registry: Registry): unknown {
  return z.toJSONSchema(fileSchemaOf(registry), {
    io: 'input',
    override: ({ jsonSchema }) => forEditors(jsonSchema),
  });
}

/** Editors show text: links are for the pages, and what a schema has no word for is said in the description. */
function forEditors(schema: { description?: string; [key: string]: unknown }): void {
  const { variable, fallback } = schema;
  delete schema['path'];
  delete schema['variable'];
  delete schema['fallback'];
  if (schema.description === undefined) return;
  const parts = [
    schema.description.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'),
    ...(typeof fallback === 'string' ? [`Default: ${fallback}.`] : []),
    ...(typeof variable === 'string' ? [`Variable: ${variable}.`] : []),
  ];
  schema.description = parts.join(' ');
}

function some<T>(list: readonly T[]): [T, ...T[]] {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error('the registry is empty');
  return [first, ...rest];
}
