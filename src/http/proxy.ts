/** The proxies that the environment names. Pure. */
import { usageError } from '../errors.ts';

export type Proxies = {
  /** For plain HTTP and for HTTPS; empty for none. */
  http: string;
  https: string;
  /** Hosts that are reached without one, as `NO_PROXY` has them. */
  except: string;
};

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, also in lower case, which comes first. What has no proxy of
 * its own goes by `ALL_PROXY`, and HTTPS by `HTTP_PROXY` if there is no other. An address without a scheme is one of a plain HTTP proxy, as for curl.
 *
 * @throws usage if an address is none; the message does not repeat it, since it may hold a password
 */
export function proxiesOf(env: Env): Proxies {
  const all = addressIn(env, 'all_proxy');
  const http = addressIn(env, 'http_proxy') ?? all ?? '';
  return {
    http,
    https: addressIn(env, 'https_proxy') ?? all ?? http,
    except: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
  };
}

function addressIn(env: Env, lowerCase: string): string | undefined {
  const variable = env[lowerCase] === undefined ? lowerCase.toUpperCase() : lowerCase;
  const text = env[variable]?.trim();
  if (text === undefined || text === '') return undefined;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(address) || passwordOf(address) === null) {
    throw usageError(
      `${variable} is not the address of a proxy`,
      'write http://host:port or http://user:password@host:port; in a password, write / as %2F, # as %23, @ as %40, : as %3A and % as %25',
    );
  }
  const { protocol, href } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw usageError(
      `${variable} names a proxy of the kind ${protocol.slice(0, -1)}`,
      'only HTTP proxies are supported: write http://host:port',
    );
  }
  return href;
}

/** What a message about a proxy must not hold. */
export function secretsOf({ http, https }: Proxies): string[] {
  return [http, https].flatMap((address) =>
    address === '' ? [] : [new URL(address).password, passwordOf(address) ?? ''],
  );
}

/** The password as it is meant; null if it is percent-encoded wrongly. */
function passwordOf(address: string): string | null {
  try {
    return decodeURIComponent(new URL(address).password);
  } catch {
    return null;
  }
}
