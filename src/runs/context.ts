/** What every command is given. */
import type { Readable } from 'node:stream';
import type { SecretPart } from '../config/file.ts';
import { type Config, type ConfigInput, loadConfig } from '../config/load.ts';
import { REGISTRY, type Registry } from '../config/registry.ts';
import { openOutput, type Output, type TextStream } from '../platform/output.ts';
import { demoKeyVariables } from '../state/demo-key.ts';
import { isDemoHome, refuseDemoHome, refuseDemoKey } from '../state/demo-mark.ts';
import { expectHome } from '../state/expect-home.ts';
import { type Layout, layout } from '../state/layout.ts';

/**
 * One call of the command line and all that it may know of its surroundings. Nothing below reads `process`, so that several
 * can be at work in one process at the same time.
 */
export type Invocation = {
  /** Without the interpreter and the program. */
  argv: readonly string[];
  env: Record<string, string | undefined>;
  /** What relative paths are relative to. */
  cwd: string;
  stdin: Readable;
  stdout: TextStream;
  stderr: TextStream;
  /** Fires when the work is to end early: what was committed stays. */
  signal: AbortSignal;
  /** Epoch milliseconds. */
  now: () => number;
  /** The vendors and sinks that a configuration may name; left out: those that come with auditlake. */
  registry?: Registry;
};

export type Context = Invocation & {
  registry: Registry;
  config: Config;
  layout: Layout;
  output: Output;
  /** A document is wanted instead of a screen. */
  json: boolean;
  /** Print nothing where all is well. */
  quiet: boolean;
  /** Whether the user says that the signing key is new, where the ledger has lines that are not signed. */
  beginsSigning?: boolean;
};

/** What a call chooses about its configuration and what it prints. */
export type Choices = {
  /** Relative paths are relative to `cwd`. */
  configFile?: string | undefined;
  home?: string | undefined;
  json?: boolean | undefined;
  quiet?: boolean | undefined;
  /** Parts of the configuration whose secrets the call does not need. */
  without?: readonly SecretPart[];
  /** Whether it also works on a demonstration: then without the configured sources and sinks, so that no receiver gets generated data. */
  takesGenerated?: boolean | undefined;
  /** Called by the demonstration: its only configuration is `home` and the variables of the call. */
  isDemo?: boolean;
};

/** A call without these contacts neither a vendor nor a receiver. */
const NEIGHBOURS: readonly SecretPart[] = ['sources', 'sinks'];

/**
 * Reads the configuration that a call runs with.
 *
 * @throws AuditlakeError `usage` for anything wrong in it or with the home; nothing is done then
 */
export function openContext(invocation: Invocation, choices: Choices): Context {
  const { env, cwd, registry = REGISTRY } = invocation;
  const { configFile, home, json = false, quiet = false, without = [], isDemo = false } = choices;
  const { takesGenerated = false } = choices;
  const asked = {
    env,
    cwd,
    without,
    registry,
    ...(isDemo ? { configFile: null } : configFile === undefined ? {} : { configFile }),
  };
  const found = loadConfig({ ...asked, ...(home === undefined ? {} : { home }) });
  const places = layout(found.home);
  expectHome(places);
  const isGenerated = !isDemo && isDemoHome(places);
  if (isGenerated) mustVouchForItself(places, { ...asked, home: found.home });
  const meetsSome = NEIGHBOURS.some((part) => !without.includes(part));
  if (isGenerated && meetsSome && !takesGenerated) refuseDemoHome(places);
  // What is configured for real data, such as a signing key, says nothing of generated data.
  // Files of questions ask it all the same.
  const config = isGenerated
    ? {
        ...loadConfig({
          env: demoKeyVariables(places),
          cwd,
          without,
          registry,
          configFile: null,
          home: found.home,
        }),
        questions: found.questions,
        detections: found.detections,
      }
    : found;
  const { secrets, logLevel } = config;
  const output = openOutput({
    ...invocation,
    secrets,
    logLevel,
    quiet,
    named: { home, config: configFile },
  });
  return { ...invocation, registry, config, layout: places, output, json, quiet };
}

/**
 * Whoever can write into a home can call it a demonstration, and put a key of their own there. Where the user names keys, no other
 * vouches for anything.
 *
 * @throws AuditlakeError `usage` if keys are configured
 */
function mustVouchForItself(places: Layout, asked: ConfigInput): void {
  const without = (asked.without ?? []).filter((part) => part !== 'signing');
  const { trustedKeys } = loadConfig({ ...asked, without });
  if (trustedKeys.length > 0) refuseDemoKey(places);
}
