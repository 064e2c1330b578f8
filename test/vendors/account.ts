import type { Account } from '../../src/extract/declaration.ts';

/** What opening an account takes that makes no difference to what is read. */
export const PLAIN_ACCOUNT = {
  secrets: {},
  redactionKey: Buffer.alloc(32, 1),
  concurrency: 2,
  caFile: undefined,
  env: {},
  onRetry: () => undefined,
} satisfies Partial<Account>;
