import { z } from 'zod';
import { lake, outcome, sink, version, warehouse } from './common.ts';

export const deliverDocument = z.object({
  version,
  outcome,
  sinks: z.array(sink),
  warehouse,
  lake: lake.nullable(),
});

export type DeliverDocument = z.infer<typeof deliverDocument>;
