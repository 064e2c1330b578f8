import type { z } from 'zod';
import { openTransport } from '../http/transport.ts';
import type { Quirk } from '../model.ts';
import { withoutVersion } from './base-url.ts';
import { type ClientOptions, SourceClient } from './client.ts';
import type { Account, VendorDeclaration } from './declaration.ts';
import { infoOf, type SourceReader } from './port.ts';
import { userNames } from './pseudonym.ts';
import type { Read } from './reads.ts';
import { RequestBudgets } from './request-budget.ts';

/** Opens an account at a declared vendor. Sends nothing yet. `reads` are the only requests that will be sent. */
export function openAccount<Shape extends z.ZodObject, Session>(
  declaration: VendorDeclaration<Shape, Session>,
  reads: readonly Read[],
  options: z.output<Shape>,
  account: Account,
): SourceReader {
  const { concurrency, timeout, caFile, env, secrets, now } = account;
  const transport = openTransport({ connections: concurrency, timeout, caFile, env, now });
  const client = new SourceClient(clientOptions(declaration, reads, account, transport));
  const quirks = new Map<string, Quirk>();
  const session = declaration.session({
    client,
    options,
    secrets,
    concurrency,
    now,
    nameOfUser: userNames(secrets['pseudonymKey'] ?? null),
    quirk: (quirk) => quirks.set(`${quirk.code} ${quirk.what}`, quirk),
  });
  return {
    source: account.source,
    vendor: declaration.type,
    concurrency,
    identify: (known) => declaration.identify(session, known),
    streams: declaration.streams
      .filter((stream) => stream.wanted?.(session) ?? true)
      .map((stream) => ({ ...infoOf(stream), ...stream.open(session) })),
    observed: () => ({ requests: client.requests, quirks: [...quirks.values()] }),
    crossCheck: async () => declaration.crossCheck?.(session),
    close: () => transport.close(),
  };
}

function clientOptions<Shape extends z.ZodObject, Session>(
  { diagnose, authorize, quota, redactions = [], budgets = [] }: VendorDeclaration<Shape, Session>,
  reads: readonly Read[],
  account: Account,
  transport: ClientOptions['transport'],
): ClientOptions {
  const { baseUrl, token, concurrency, secrets, signal, now, onRetry, retry } = account;
  const { redactionKey, requests, onAnswer } = account;
  if (redactions.length > 0 && redactionKey === undefined) {
    throw new Error('the vendor hides texts, and the account was opened without a key for them');
  }
  return {
    baseUrl: withoutVersion(baseUrl, reads),
    token,
    concurrency,
    transport,
    signal,
    now,
    diagnose,
    onRetry,
    reads,
    secrets: Object.values(secrets).filter((secret) => secret !== null),
    ...(quota === undefined ? {} : { quota }),
    ...(onAnswer === undefined ? {} : { onAnswer }),
    ...(redactionKey === undefined ? {} : { redactionKey }),
    ...(requests === undefined ? {} : { budgets: new RequestBudgets(budgets, requests) }),
    ...(authorize === undefined ? {} : { authorize }),
    ...(retry === undefined ? {} : { retry }),
  };
}
