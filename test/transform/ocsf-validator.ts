/**
 * Judges events by the published OCSF 1.8.0 schema. `ocsf-1.8.json` has the classes that auditlake uses and the objects in
 * them, as compiled by the project, without attributes that are deprecated or come with a profile.
 */
import { readFileSync } from 'node:fs';

type Attribute = {
  type: string;
  array?: boolean;
  required?: boolean;
  /** Captions by id. */
  enum?: Record<string, string>;
};

type Shape = {
  constraints?: { at_least_one?: string[] };
  attributes: Record<string, Attribute>;
};

type EventClass = Shape & { caption: string; category_uid: number; category_name: string };

type Primitive = {
  base: 'boolean' | 'integer' | 'string' | 'any';
  regex?: string;
  range?: [number, number];
  max_len?: number;
};

type Schema = {
  version: string;
  classes: Record<string, EventClass>;
  objects: Record<string, Shape>;
  types: Record<string, Primitive>;
};

type Json = Record<string, unknown>;

const SCHEMA = JSON.parse(
  readFileSync(new URL('ocsf-1.8.json', import.meta.url), 'utf8'),
) as Schema;

/** What is wrong with an event, each with its place; nothing if it is valid. */
export function problemsOf(event: Json): string[] {
  const eventClass = SCHEMA.classes[String(event['class_uid'])];
  if (eventClass === undefined) return [`class_uid: ${String(event['class_uid'])} is not known`];
  const expected: Json = {
    class_name: eventClass.caption,
    category_uid: eventClass.category_uid,
    category_name: eventClass.category_name,
    type_uid: Number(event['class_uid']) * 100 + Number(event['activity_id']),
  };
  const mismatches = Object.entries(expected)
    .filter(([name, value]) => name in event && event[name] !== value)
    .map(([name, value]) => `${name}: is not ${String(value)}`);
  const { version } = (event['metadata'] ?? {}) as Json;
  if (version !== SCHEMA.version) mismatches.push(`metadata.version: is not ${SCHEMA.version}`);
  return [...mismatches, ...problemsIn(event, eventClass, '')];
}

function problemsIn(value: Json, { attributes, constraints }: Shape, path: string): string[] {
  const missing = Object.entries(attributes)
    .filter(([name, { required }]) => required && !(name in value))
    .map(([name]) => `${path}${name}: is missing`);
  const oneOf = constraints?.at_least_one;
  if (oneOf && !oneOf.some((name) => name in value)) {
    missing.push(`${path}: has none of ${oneOf.join(', ')}`);
  }
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const attribute = attributes[name];
    if (attribute === undefined) return [`${path}${name}: is not known`];
    return [
      ...problemsOfMember(member, attribute, `${path}${name}`),
      ...problemsOfSibling(value, name, attribute, path),
    ];
  });
  return [...missing, ...wrong];
}

function problemsOfMember(value: unknown, attribute: Attribute, path: string): string[] {
  if (!attribute.array) return problemsOfOne(value, attribute, path);
  if (!Array.isArray(value)) return [`${path}: is no array`];
  return value.flatMap((one, i) => problemsOfOne(one, attribute, `${path}[${i}]`));
}

function problemsOfOne(value: unknown, attribute: Attribute, path: string): string[] {
  const primitive = SCHEMA.types[attribute.type];
  if (primitive) {
    const problems = problemsOfPrimitive(value, primitive, path);
    const isInList = attribute.enum === undefined || String(value) in attribute.enum;
    return isInList ? problems : [...problems, `${path}: ${String(value)} is not in the list`];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [`${path}: is no object`];
  }
  // The one object without a definition: `unmapped`.
  if (attribute.type === 'object') return [];
  const shape = SCHEMA.objects[attribute.type];
  if (shape === undefined) return [`${path}: ${attribute.type} is not in the extract`];
  return problemsIn({ ...value }, shape, `${path}.`);
}

function problemsOfPrimitive(value: unknown, primitive: Primitive, path: string): string[] {
  const { base, regex, range, max_len: longest = Infinity } = primitive;
  if (base === 'any') return [];
  if (base === 'integer') {
    if (!Number.isSafeInteger(value)) return [`${path}: is no integer`];
    const isIn = !range || (Number(value) >= range[0] && Number(value) <= range[1]);
    return isIn ? [] : [`${path}: is out of range`];
  }
  if (typeof value !== base) return [`${path}: is no ${base}`];
  const text = String(value);
  const matches = text.length <= longest && (!regex || new RegExp(regex).test(text));
  return matches ? [] : [`${path}: has another form`];
}

/** An id says what its caption says; 99 needs the source's own word. */
function problemsOfSibling(
  value: Json,
  name: string,
  attribute: Attribute,
  path: string,
): string[] {
  if (attribute.enum === undefined || !name.endsWith('_id')) return [];
  const sibling = name === 'activity_id' ? 'activity_name' : name.replace(/_id$/, '');
  const id = String(value[name]);
  const text = value[sibling];
  if (id === '99') return text === undefined ? [`${path}${sibling}: is missing for Other`] : [];
  if (text === undefined || text === attribute.enum[id]) return [];
  return [`${path}${sibling}: is not ${attribute.enum[id]}`];
}
