/** The sandboxes of the vendors that most tests need, with their own types. */
import { startSandbox as serve } from '../../src/sandbox/server.ts';
import { type DevinOptions, DevinVendor } from '../../src/vendors/devin/sandbox/vendor.ts';
import { type TabnineOptions, TabnineVendor } from '../../src/vendors/tabnine/sandbox/vendor.ts';

export type SandboxOptions = TabnineOptions & {
  port?: number;
  latencyMs?: number;
  /** Devin's history has its own length; it shares the seed, the clock and the history's end. */
  devin?: DevinOptions;
};

export type Sandbox = {
  /** Tabnine's base URL. */
  url: string;
  token: string;
  tabnine: TabnineVendor;
  devinUrl: string;
  devinToken: string;
  devin: DevinVendor;
  /** The time by the vendors' clock. */
  now: () => number;
  /** Ends every connection, stalled ones included. */
  close(): Promise<void>;
};

/** Starts both on loopback. The vendor objects are live: what a test changes in them is served at once. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port, latencyMs, ...tabnineOptions } = options;
  const { vendors, close } = await serve({
    ...(port === undefined ? {} : { port }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    vendors: {
      tabnine: new TabnineVendor(tabnineOptions),
      devin: new DevinVendor(devinOptions(options)),
    },
  });
  const { tabnine, devin } = vendors;
  return {
    url: tabnine.url,
    token: tabnine.token,
    tabnine: tabnine.vendor,
    devinUrl: devin.url,
    devinToken: devin.token,
    devin: devin.vendor,
    now: options.now ?? Date.now,
    close,
  };
}

/** What is set for both vendors, and then what is set for this one. */
function devinOptions({ seed, until, now, devin }: SandboxOptions): DevinOptions {
  return {
    ...(seed !== undefined && { seed }),
    ...(until !== undefined && { until }),
    ...(now !== undefined && { now }),
    ...devin,
  };
}
