import { z } from 'zod';
import { count, errorNote, version } from './common.ts';

const named = { source: z.string(), stream: z.string() };

const page = z.object({
  ...named,
  request: z.string().nullable().describe('Null where there is nothing to ask for.'),
  records: count,
  samples: z.array(z.string()).describe('The first records, as they were served.'),
});

const failure = z.object({ ...named, error: errorNote });

/** Of `sync --preview`. */
export const previewDocument = z.object({ version, streams: z.array(z.union([page, failure])) });

export type PreviewDocument = z.infer<typeof previewDocument>;
export type PreviewedStream = PreviewDocument['streams'][number];
