import { VendorError } from '../../errors.ts';
import type { Got, SourceClient } from '../../extract/client.ts';
import type { Connection } from '../../extract/declaration.ts';
import type { Identity } from '../../extract/port.ts';
import { SharedList } from '../../extract/shared-list.ts';
import type { Ask } from '../../extract/target.ts';
import type { Quirk } from '../../model.ts';
import { keyOfId } from '../../platform/key.ts';
import { parseObject, isObject } from '../../extract/slice/object.ts';
import { type Level, LEVELS } from './level.ts';
import { BY_ID, GROUPS, type ReadBody, readList } from './lists.ts';
import type { Options } from './options.ts';

/** What the streams of one account share. */
export type Session = Pick<Connection<Options>, 'options' | 'now' | 'quirk'> & {
  client: SourceClient;
  level: Level;
  /** As `SourceClient.read`; of an accepted key a 401 is about the one endpoint. */
  read: ReadBody;
  /** The billing groups, read once in a run. */
  groups: SharedList;
  /** How many of a fan-out are under way or wait for their turn. */
  width: number;
  organizationId: () => string;
  /** Knows the account from now on. */
  identified: (organizationId: string, by: string) => void;
};

export function openSession(connection: Connection<Options>): Session {
  const { client, concurrency, options, now, quirk } = connection;
  let organization = '';
  /** The path whose answer showed that the key is accepted. */
  let accepted: string | null = null;
  const isStillAccepted = async (): Promise<boolean> => {
    if (accepted === null) return false;
    try {
      await client.get(accepted, CHEAP, parseAny);
      return true;
    } catch (error) {
      if (error instanceof VendorError && error.fault === 'refused') return false;
      throw error;
    }
  };
  async function read<T extends object>(ask: Ask, parse: (body: Buffer) => T): Promise<Got<T>> {
    try {
      return await client.read(ask, parse);
    } catch (error) {
      const isRefused = error instanceof VendorError && error.fault === 'refused';
      if (!isRefused || ask.path === accepted || !(await isStillAccepted())) throw error;
      throw lacksPermission(error);
    }
  }
  return {
    client,
    options,
    now,
    quirk,
    level: LEVELS[options.levels.includes('organization') ? 'organization' : 'team'],
    read,
    groups: new SharedList(() => readList(read, GROUPS, 'groups', BY_ID)),
    width: concurrency * 2,
    organizationId: () => organization,
    identified(id, by) {
      organization = id;
      accepted = by;
    },
  };
}

/** Parameters that make every answer small. Endpoints without pages ignore them. */
const CHEAP = { page: '1', pageSize: '1' };

/** What stands for an account whose id nobody says. It occurs in no id. */
const UNSAID = '(not said)';

/**
 * The audit log repeats whose it is; a key that may not read it is tried on the list of members, which does not say it. An
 * account that was read without its id keeps being known so.
 */
export async function identify(session: Session, known: string | null): Promise<Identity> {
  const { client, level, identified, quirk } = session;
  let refusal: unknown;
  for (const path of level.probes) {
    try {
      const { value, vendorNow } = await client.get(path, CHEAP, parseAny);
      const said = idIn(value.body);
      const organizationId = known === UNSAID ? UNSAID : (said ?? known ?? UNSAID);
      if (said === null) quirk(namesNobody(path));
      identified(organizationId, path);
      return { organizationId, vendorNow };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // The first says most: it is the log that must work.
      refusal ??= error;
    }
  }
  throw refusal;
}

function namesNobody(path: string): Quirk {
  return { code: 'account-unnamed', what: `${path} does not say which ${UNSAID} account it is of` };
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof VendorError &&
    (error.fault === 'refused' || error.fault === 'forbidden' || error.fault === 'absent')
  );
}

function parseAny(body: Buffer): { body: Record<string, unknown> } {
  return { body: parseObject(body) };
}

function idIn({ params }: Record<string, unknown>): string | null {
  const id = isObject(params) ? (params['teamId'] ?? params['organizationId']) : null;
  return typeof id === 'number' || (typeof id === 'string' && id !== '') ? keyOfId(`${id}`) : null;
}

/** The key is accepted elsewhere: replacing it with another of the same kind would help nothing. */
function lacksPermission(error: VendorError): VendorError {
  return error.as('forbidden');
}
