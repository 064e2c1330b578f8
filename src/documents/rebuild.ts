import { z } from 'zod';
import { count, lake, outcome, seq, version, warehouse } from './common.ts';

export const rebuildDocument = z.object({
  version,
  outcome,
  rows: count,
  seq,
  warehouse,
  lake: lake.nullable(),
});

export type RebuildDocument = z.infer<typeof rebuildDocument>;
