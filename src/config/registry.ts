import type { Vendor } from '../extract/declaration.ts';
import type { SinkType } from '../sinks/define.ts';
import { SINKS } from '../sinks/index.ts';
import { VENDORS } from '../vendors/index.ts';

/** The vendors and sinks that a configuration may name, in the order in which messages and docs list them. */
export type Registry = { vendors: readonly Vendor[]; sinks: readonly SinkType[] };

/** Everything that comes with auditlake. */
export const REGISTRY: Registry = { vendors: VENDORS, sinks: SINKS };
