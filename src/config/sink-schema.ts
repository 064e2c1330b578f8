import { z } from 'zod';
import type { SinkType } from '../sinks/define.ts';
import { DELIVERABLES } from '../load/tables.ts';
import { ownOptions } from './source-schema.ts';

/** A sink as the file has it: what every sink has, and what its declaration says. */
export function sinkSchema(sink: SinkType) {
  return z.strictObject({
    type: z.literal(sink.type).describe(sink.title),
    ...ownOptions(sink.options, sink.secrets),
    ...(sink.receives === 'rows' && rowOptions(sink)),
  });
}

/** What every sink of rows has: which tables, and in which format if it knows several. */
function rowOptions(sink: SinkType) {
  const { formats, tables } = sink;
  const [format, ...others] = formats;
  return {
    ...(format !== undefined &&
      others.length > 0 && {
        format: z
          .enum(formats)
          .describe('What a row looks like: the columns of the table, or an [OCSF](ocsf.md) event.')
          .prefault(format),
      }),
    tables: z
      .array(z.enum(tables ?? DELIVERABLES.map(({ name }) => name)))
      .min(1, 'is empty')
      .describe('The [tables](deliveries.md#what-is-sent) whose rows are delivered.')
      .prefault([...defaultTables(sink)]),
  };
}

/** What is delivered unless the file says more. */
export function defaultTables({ tables }: SinkType): readonly string[] {
  const usual = DELIVERABLES.filter(({ isDefault }) => isDefault).map(({ name }) => name);
  if (tables === null) return usual;
  const taken = usual.filter((name) => tables.includes(name));
  return taken.length > 0 ? taken : tables.slice(0, 1);
}
