import type { z } from 'zod';
import { checkDeclaration } from './check-declaration.ts';
import type { Vendor, VendorDeclaration } from './declaration.ts';
import { openAccount } from './open-account.ts';
import { infoOf, type Stream } from './port.ts';
import { PSEUDONYM_KEY } from './pseudonym.ts';
import type { Read } from './reads.ts';

/**
 * Makes a vendor from its declaration.
 *
 * @throws Error if the declaration contradicts itself: a defect of the vendor's folder, found when it is imported
 */
export function defineVendor<Shape extends z.ZodObject, Session>(
  declaration: VendorDeclaration<Shape, Session>,
): Vendor {
  const { type, title, product, folder, host, variables, token } = declaration;
  const {
    options,
    secrets = {},
    pseudonyms = false,
    budgets = [],
    redactions = [],
    sandbox = null,
  } = declaration;
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
    budgets,
    redactions,
    options,
    sandbox,
    secrets: pseudonyms ? { ...secrets, pseudonymKey: PSEUDONYM_KEY } : secrets,
    problem: (values) => declaration.problem?.(own(values)) ?? null,
    reads: uniqueReads([...declaration.reads, ...declaration.streams.flatMap(readsOf)]),
    streams: declaration.streams.map(infoOf),
    open: (account) => openAccount(declaration, vendor.reads, own(account.options), account),
  };
  checkDeclaration(vendor);
  return vendor;
}

function readsOf<Session>({ reads, endpoint }: Stream<Session>): readonly Read[] {
  return reads ?? [{ method: 'GET', path: endpoint }];
}

function uniqueReads(reads: readonly Read[]): Read[] {
  return [...new Map(reads.map((read) => [`${read.method} ${read.path}`, read])).values()];
}
