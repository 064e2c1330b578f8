import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  type AccessChange,
  type Action,
  BASES,
  type Mapping,
  type Measure,
  type Target,
  type Transform,
} from '../model.ts';
import { rowsOfCsv } from './csv.ts';
import type { MappedVendor } from './mapped-vendor.ts';
import { OWN } from './own.ts';

export type { MappedVendor } from './mapped-vendor.ts';

const ACTIONS = ['action', 'category', 'activity', 'finding'] as const;
const ACCESS = ['action', 'change', 'kind', 'holder', 'role', 'scope', 'place'] as const;
const MEASURES = ['stream', 'metric', 'measure', 'split', 'purpose', 'basis', 'whole'] as const;

/**
 * Reads the transform from the folders of the vendors. Its version changes with everything that has a say in what the
 * rows are.
 *
 * @throws Error if a mapping is missing or a CSV file lacks the columns that it must have: a defect of the vendor's folder
 */
export function transformOf(vendors: readonly MappedVendor[]): Transform {
  const mapped = [...vendors, OWN];
  const parts = mapped.map(partOf);
  const all = {
    mappings: parts.flatMap(({ mappings }) => mappings),
    actions: parts.flatMap(({ actions }) => actions),
    access: parts.flatMap(({ access }) => access),
    measures: parts.flatMap(({ measures }) => measures),
    products: mapped.map(({ type, product }) => ({
      vendor: type,
      product: product.name,
      maker: product.vendor,
    })),
    streams: mapped.flatMap(({ type: vendor, streams }) =>
      streams.map(({ name: stream, kind, once = false, keeps }) => ({
        vendor,
        stream,
        kind,
        once,
        seconds: keeps === undefined ? null : keeps / 1000,
      })),
    ),
  };
  return { ...all, version: createHash('sha256').update(JSON.stringify(all)).digest('hex') };
}

function partOf({ type: vendor, folder, streams }: MappedVendor): {
  mappings: Mapping[];
  actions: Action[];
  access: AccessChange[];
  measures: Measure[];
} {
  const texts = new Map<string, string>();
  const read = (file: string): string => {
    const text = texts.get(file) ?? readFileSync(new URL(file, folder), 'utf8');
    texts.set(file, text);
    return text;
  };
  const mappings = streams.flatMap(({ name: stream, maps }) =>
    Object.entries(maps).map(([target, file]): Mapping => ({
      vendor,
      stream,
      target: target as Target,
      sql: read(file),
    })),
  );
  const words = <Column extends string>(file: string, columns: readonly Column[]) =>
    existsSync(new URL(file, folder)) ? rowsOfCsv(`${vendor}/${file}`, read(file), columns) : [];
  const actions = words('actions.csv', ACTIONS);
  const measures = words('measures.csv', MEASURES);
  return {
    mappings,
    actions: actions.map(({ finding, ...action }) => ({
      vendor,
      ...action,
      finding: finding || null,
    })),
    access: words('access.csv', ACCESS).map((change) => ({ vendor, ...change })),
    measures: measures.map(({ split, purpose, basis, whole, ...measure }) => ({
      vendor,
      ...measure,
      split: split || null,
      purpose: purpose || null,
      basis: basisOf(vendor, { basis, ...measure }),
      whole: whole || null,
    })),
  };
}

/** What cost something has to say what the amount stands on: amounts with different bases are never added. */
function basisOf(vendor: string, row: { measure: string; metric: string; basis: string }) {
  const { measure, metric, basis } = row;
  const known = BASES.find((one) => one === basis);
  if (known === undefined && (basis !== '' || measure === 'cost')) {
    const what = basis === '' ? 'has no basis' : `has the basis ${basis}`;
    throw new Error(`${vendor}/measures.csv: ${metric} ${what}, not one of ${BASES.join(', ')}`);
  }
  return known ?? null;
}
