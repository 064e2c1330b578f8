import type { z } from 'zod';
import { openTransport } from '../http/transport.ts';
import type { Quirk } from '../model.ts';
import { checkDeclaration } from './check-declaration.ts';
import { SourceClient } from './client.ts';
import type { Account, Vendor, VendorDeclaration } from './declaration.ts';
import type { SourceReader, Stream, StreamInfo } from './port.ts';
import { PSEUDONYM_KEY, userNames } from './pseudonym.ts';
import type { Read } from './reads.ts';

/**
 * Makes a vendor from its declaration.
 *
 * @throws Error if the declaration contradicts itself: a defect of the vendor's folder, found when it is imported
 */
export function defineVendor<Shape extends z.ZodObject, Session>(
  declaration: VendorDeclaration<Shape, Session>,
): Vendor {
  const { type, title, product, folder, host, variables, token, sandbox } = declaration;
  const { options, secrets = {}, pseudonyms = false } = declaration;
  // They were parsed by its own schema: that is what the types of all vendors together cannot say.
  const own = (values: Readonly<Record<string, unknown>>) => values as z.output<Shape>;
  const vendor: Vendor = {
    type,
    title,
    product,
    folder,
    host,
    variables,
    token,
    pseudonyms,
    options,
    sandbox,
    secrets: pseudonyms ? { ...secrets, pseudonymKey: PSEUDONYM_KEY } : secrets,
    problem: (values) => declaration.problem?.(own(values)) ?? null,
    reads: uniqueReads([...declaration.reads, ...declaration.streams.flatMap(readsOf)]),
    streams: declaration.streams.map(infoOf),
    open: (account) => openAccount(declaration, own(account.options), account),
  };
  checkDeclaration(vendor);
  return vendor;
}

function openAccount<Shape extends z.ZodObject, Session>(
  declaration: VendorDeclaration<Shape, Session>,
  options: z.output<Shape>,
  account: Account,
): SourceReader {
  const { baseUrl, token, concurrency, timeout, caFile, secrets, signal, now, onRetry } = account;
  const { diagnose } = declaration;
  const transport = openTransport({ connections: concurrency, timeout, caFile, now });
  const client = new SourceClient({
    baseUrl,
    token,
    concurrency,
    transport,
    signal,
    now,
    diagnose,
    onRetry,
  });
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
    identify: (known) => declaration.identify(session, known),
    streams: declaration.streams
      .filter((stream) => stream.wanted?.(session) ?? true)
      .map((stream) => ({ ...infoOf(stream), ...stream.open(session) })),
    observed: () => ({ requests: client.requests, quirks: [...quirks.values()] }),
    crossCheck: async () => declaration.crossCheck?.(session),
    close: () => transport.close(),
  };
}

function infoOf<Session>(stream: Stream<Session>): StreamInfo {
  const { name, kind, brings, endpoint, period, maps } = stream;
  const { since = null, needs = null, required = false, once = false } = stream;
  const info = { name, kind, brings, endpoint, since, needs, required, once, maps };
  return period === undefined ? info : { ...info, period };
}

function readsOf<Session>({ reads, endpoint }: Stream<Session>): readonly Read[] {
  return reads ?? [{ method: 'GET', path: endpoint }];
}

function uniqueReads(reads: readonly Read[]): Read[] {
  return [...new Map(reads.map((read) => [`${read.method} ${read.path}`, read])).values()];
}
