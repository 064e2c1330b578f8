import type { z } from 'zod';
import { type Documentation, documentationOf } from '../settings/documentation.ts';
import { code, table } from './markdown.ts';

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** Options as rows: key in the file, variable, meaning, default. */
export function optionTable(shape: Shape): string {
  const rows = optionRows(shape, '');
  const hasVariables = rows.some(([, variable]) => variable !== '');
  const head = ['option', 'variable', 'meaning', 'default'];
  const kept = (cells: readonly string[]) => cells.filter((_, i) => i !== 1 || hasVariables);
  return table(kept(head), rows.map(kept));
}

function optionRows(shape: Shape, prefix: string): string[][] {
  return Object.entries(shape).flatMap(([key, option]) => {
    const documentation = documentationOf(option);
    const { description, variable } = documentation;
    const row = [
      code(prefix + key),
      variable === null ? '' : code(variable),
      [description, ...choices(option)].join(' ').trim(),
      fallbackText(documentation),
    ];
    return [row, ...optionRows(shapeBelow(option), `${prefix}${key}.`)];
  });
}

function fallbackText({ fallback, required }: Documentation): string {
  if (fallback === null) return required ? 'must be given' : '';
  if ('words' in fallback) return fallback.words;
  const { value } = fallback;
  if (value === '') return 'none';
  return code(Array.isArray(value) ? `[${value.join(', ')}]` : String(value));
}

/** The values that an option may have, if they are few. */
function choices(option: z.core.$ZodType): string[] {
  const { def } = option as unknown as { def: Def };
  const inner = def.innerType ?? def.in;
  if (inner !== undefined) return choices(inner);
  if (def.element !== undefined)
    return choices(def.element).map((text) => text.replace(/^One/, 'Any'));
  if (def.entries === undefined) return [];
  return [`One of ${Object.values(def.entries).map(code).join(', ')}.`];
}

/** The options of an option that is an object, or one choice of which is. */
function shapeBelow(option: z.core.$ZodType): Shape {
  const { def } = option as unknown as { def: Def };
  if (def.type === 'object') return def.shape ?? {};
  const inner = def.innerType ?? def.in;
  if (inner !== undefined) return shapeBelow(inner);
  return Object.assign({}, ...(def.options ?? []).map(shapeBelow)) as Shape;
}

type Def = {
  type: string;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  element?: z.core.$ZodType;
  entries?: Readonly<Record<string, string>>;
  options?: readonly z.core.$ZodType[];
  shape?: Shape;
};
