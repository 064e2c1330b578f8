import { messageOf, usageError } from '../errors.ts';
import type { Vendor } from '../extract/declaration.ts';
import { startSandbox } from '../sandbox/server.ts';
import type { SandboxOptions } from '../sandbox/vendor.ts';

type VendorSandbox = {
  /** The environment variables that lead a run to it. */
  variables: Record<string, string>;
  /** The base URL of each vendor, by its type. */
  urls: Record<string, string>;
  close(): Promise<void>;
};

/**
 * Serves the APIs of the given vendors on loopback, with generated data. `port` 0 takes a free one.
 *
 * @throws AuditlakeError `usage` if the port cannot be had
 */
export async function openSandbox(
  vendors: readonly Vendor[],
  port: number,
  options: SandboxOptions,
): Promise<VendorSandbox> {
  const made = await Promise.all(
    vendors.flatMap(({ type, sandbox }) =>
      sandbox === null ? [] : [sandbox().then((make) => [type, make(options)] as const)],
    ),
  );
  const served = await startSandbox({ port, vendors: Object.fromEntries(made) }).catch(
    (error: unknown) => {
      throw usageError(
        `port ${port} of 127.0.0.1 cannot be listened on: ${messageOf(error)}`,
        'name another port, or 0 for a free one',
      );
    },
  );
  const variables: Record<string, string> = {};
  const urls: Record<string, string> = {};
  for (const { type, variables: names } of vendors) {
    const found = served.vendors[type];
    if (found === undefined) continue;
    variables[names.baseUrl] = found.url;
    variables[names.token] = found.token;
    Object.assign(variables, found.vendor.variables);
    urls[type] = found.url;
  }
  return { variables, urls, close: () => served.close() };
}
