import { z } from 'zod';
import { baseUrlOption, pathOption, textOption } from '../../settings/options.ts';

export const options = z.object({
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'is not the id of a project')
    .describe('Id of the Google Cloud project.'),
  dataset: z
    .string()
    .regex(/^\w{1,1024}$/, 'is not the name of a dataset')
    .describe('Dataset that holds the tables. It must exist.'),
  location: textOption('Where the dataset is, such as `EU`; checked before anything is sent.')
    .optional()
    .meta({ fallback: 'wherever the dataset is' }),
  keyFile: pathOption('JSON key of a service account.')
    .optional()
    .meta({ fallback: 'the application default credentials' }),
  apiEndpoint: baseUrlOption(
    'Address of another server with BigQuery’s API, such as an emulator. Plain http is for loopback only, and then no credentials are needed.',
  )
    .optional()
    .meta({ fallback: 'Google’s own' }),
});

/** Everything that a dataset is reached with. */
export type Settings = z.output<typeof options> & {
  /** Rows that one load job gets, unless a single seq has more. */
  rowsPerJob: number;
};
