import { usageError } from '../errors.ts';
import type { Vendor } from '../extract/declaration.ts';
import type { SinkType } from '../sinks/define.ts';
import { SINKS } from '../sinks/index.ts';
import { VENDORS } from '../vendors/index.ts';

/** The vendors and sinks that a configuration may name, in the order in which messages and docs list them. */
export type Registry = { vendors: readonly Vendor[]; sinks: readonly SinkType[] };

/** Everything that comes with auditlake. */
export const REGISTRY: Registry = { vendors: VENDORS, sinks: SINKS };

/**
 * Refuses two that share a type: a configuration could not say which of them it means.
 *
 * @throws a usage error that names the type
 */
export function expectDistinctTypes({ vendors, sinks }: Registry): void {
  for (const [what, types] of [
    ['vendors', vendors.map(({ type }) => type)],
    ['sinks', sinks.map(({ type }) => type)],
  ] as const) {
    const twice = types.find((type, at) => types.indexOf(type) < at);
    if (twice === undefined) continue;
    throw usageError(`the registry has two ${what} of the type ${twice}`, 'leave one of them out');
  }
}
