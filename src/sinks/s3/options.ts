import { z } from 'zod';
import { baseUrlOption, textOption } from '../../settings/options.ts';
import type { Env } from '../define.ts';

export const options = z.object({
  bucket: textOption('Name of the bucket. It must exist.'),
  prefix: z
    .string()
    .transform((prefix) => (prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`))
    .describe('What every key begins with, such as `auditlake/`; a missing slash is appended.')
    .prefault(''),
  region: textOption('Region of the bucket, such as `eu-west-1`.'),
  endpoint: baseUrlOption('Address of another server that speaks S3, such as MinIO.')
    .optional()
    .meta({ fallback: 'AWS' }),
  forcePathStyle: z
    .boolean()
    .describe('Put the bucket into the path instead of the host name, as MinIO needs it.')
    .default(false),
});

export const secrets = {
  accessKeyId: {
    what: 'Id of the access key. Without a key the AWS SDK looks for credentials itself: environment, profile, role of the machine.',
    required: false,
  },
  secretAccessKey: { what: 'Secret of the access key.', required: false },
} as const;

/** Everything that a bucket is reached with. */
export type Settings = z.output<typeof options> & {
  accessKeyId: string | null;
  secretAccessKey: string | null;
  /** Milliseconds to connect, and without a byte in either direction. */
  timeout: number;
  caFile: string | undefined;
  /** Where proxies are named. */
  env: Env;
};
