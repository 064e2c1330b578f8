import { AuditlakeError, EXIT } from '../errors.ts';
import { tidyScratch } from '../load/scratch.ts';
import { type Published, publishedGeneration } from '../load/warehouse/begin.ts';
import type { Countries } from '../model.ts';
import { publicKeyHex } from '../platform/signing-keys.ts';
import { Archive } from '../state/archive.ts';
import { takeLock } from '../state/lock.ts';
import { noteEnded, noteRunning } from '../state/running.ts';
import { notaryFor, type Signing } from '../state/signing.ts';
import type { Notary } from '../platform/notary.ts';
import type { Context } from './context.ts';
import { countriesFor } from './countries.ts';
import { Loader } from './loader.ts';
import { transformFor } from './transform.ts';

/** What a job works on: the archive, which it has to itself, and the warehouse that follows from it. */
export type OpenHome = {
  archive: Archive;
  /** The generation that readers have; null if there is none. Read once per run. */
  published: Published | null;
  loader: Loader;
  countries: Countries;
  /** Vouches for what is published; null where nothing is signed. */
  notary: Notary | null;
};

/**
 * Locks a home, works on it, and releases it whatever happens.
 *
 * @param isFresh the warehouse is built from nothing instead of on the published generation
 * @throws AuditlakeError `locked` (exit 75) while another run has it
 */
export async function withHome<T>(
  context: Context,
  { isFresh }: { isFresh: boolean },
  work: (home: OpenHome) => Promise<T>,
): Promise<T> {
  const { config, layout, now } = context;
  const { home } = config;
  mustBePlausible(now());
  const lock = await takeLock(layout);
  try {
    await noteRunning(layout, now());
    const signing = signingOf(context);
    const archive = await Archive.openForWriting(layout, now, signing);
    const notary = signing === null ? null : notaryFor(archive.ledger.state.home, signing);
    await tidyScratch(home, now());
    const published = await publishedGeneration(home);
    const countries = await countriesFor(context);
    const opened = { archive, published, notary, countries };
    return await work({ ...opened, loader: loaderOn(context, opened, isFresh) });
  } finally {
    await noteEnded(layout);
    await lock.release();
  }
}

/** The same home with the generation that was published meanwhile: what is archived from now on is loaded on top of it. */
export function withPublished(
  context: Context,
  { archive, notary, countries }: OpenHome,
  published: Published | null,
): OpenHome {
  const home = { archive, published, notary, countries };
  return { ...home, loader: loaderOn(context, home, false) };
}

function loaderOn(
  context: Context,
  { archive, published, notary, countries }: Omit<OpenHome, 'loader'>,
  isFresh: boolean,
): Loader {
  const { config, output } = context;
  const onMessage = (text: string): void => output.log[isFresh ? 'info' : 'warn'](text);
  const { home, people } = config;
  const transform = transformFor(context);
  const options = { home, transform, people, countries, isFresh, notary, onMessage };
  return new Loader(archive, published, options);
}

/** Outside of these years the clock is wrong: before them this program did not exist, after them no reader accepts the times. */
const FIRST_YEAR = 2020;
const END_YEAR = 2100;

/** This machine's clock dates whatever is written, and ends every window that is read. */
function mustBePlausible(now: number): void {
  const year = new Date(now).getUTCFullYear();
  if (year >= FIRST_YEAR && year < END_YEAR) return;
  throw new AuditlakeError(
    'clock',
    `the clock of this machine says that it is the year ${year}: nothing was done`,
    'set the clock, or wait until the machine has; then run the same command again',
    EXIT.incomplete,
  );
}

/** A run continues from lines of its own key and of every trusted one: keys may have been rotated. */
function signingOf({ config, beginsSigning = false }: Context): Signing | null {
  const { signingKey: key, trustedKeys } = config;
  if (key === null) return null;
  return { key, trusted: [...trustedKeys, publicKeyHex(key)], begins: beginsSigning };
}
