import type { z } from 'zod';

/** What an option's schema says about it. */
export type Documentation = {
  /** Markdown. */
  description: string;
  /** The environment variable that sets it as well. */
  variable: string | null;
  /** What holds where it is left out: a value, or words for it. Null if there is nothing, or if it must be given. */
  fallback: { value: unknown } | { words: string } | null;
  required: boolean;
  /** Whether it is a path, which starts from the place where it is written. */
  isPath: boolean;
};

/** Reads the documentation of an option, whichever of the wrappers (`optional`, `default` …) carries which part of it. */
export function documentationOf(option: z.core.$ZodType): Documentation {
  const metas: Record<string, unknown>[] = [];
  let fallback: Documentation['fallback'] = null;
  let required = true;
  let schema: Layer | undefined = option as unknown as Layer;
  while (schema !== undefined) {
    const def: Layer['def'] = schema.def;
    metas.push(schema.meta() ?? {});
    if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault') {
      required = false;
    }
    if (def.type === 'default' || def.type === 'prefault') fallback = { value: def.defaultValue };
    schema = def.innerType ?? def.in;
  }
  // What is said outside holds.
  const meta = Object.assign({}, ...metas.toReversed()) as Record<string, unknown>;
  return {
    description: text(meta['description']) ?? '',
    variable: text(meta['variable']),
    fallback: typeof meta['fallback'] === 'string' ? { words: meta['fallback'] } : fallback,
    required,
    isPath: meta['path'] === true,
  };
}

/** A schema, and the one that it wraps or that comes before it in a pipe. */
type Layer = {
  meta(): Record<string, unknown> | undefined;
  def: { type: string; innerType?: Layer; in?: Layer; defaultValue?: unknown };
};

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
