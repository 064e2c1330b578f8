import { z } from 'zod';
import { diagnosis, lake, outcome, sink, version, warehouse } from './common.ts';

export const deliverDocument = z.object({
  version,
  outcome,
  sinks: z.array(sink),
  diagnosis,
  warehouse,
  lake: lake.nullable(),
});

export type DeliverDocument = z.infer<typeof deliverDocument>;
