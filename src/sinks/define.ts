/** How a sink declares itself. `sinks/index.ts` registers it; nothing else names it. */
import type { z } from 'zod';
import { documentationOf } from '../settings/documentation.ts';
import type { CrossProblem } from '../settings/problem.ts';
import type { SecretOption } from '../settings/secrets.ts';
import type { RowFormat, Sink } from './port.ts';

/** What a sink is configured with, and given to the functions of its declaration. */
export type Configured<Options, Secrets> = {
  options: Options;
  /** Null where a secret is not set; one that is required always is. */
  secrets: Secrets;
  /** Names of the tables whose rows it gets; none for a sink of files. */
  tables: readonly string[];
  /** One of `formats`; `auditlake` for a sink of files. */
  format: RowFormat;
};

export type Env = Readonly<Record<string, string | undefined>>;

/** What every sink is opened with besides its own options. */
export type SinkConnection = {
  /** Milliseconds that a request may take without an answer or a further piece of it. */
  timeout: number;
  /** A PEM file of further certificate authorities. */
  caFile: string | undefined;
  /** Where proxies are named. */
  env: Env;
  stdout: NodeJS.WritableStream;
};

type SecretList = Readonly<Record<string, SecretOption>>;
type SecretValues<List extends SecretList> = {
  readonly [Name in keyof List]: List[Name] extends { required: true } ? string : string | null;
};

export type SinkDeclaration<Shape extends z.ZodObject, List extends SecretList> = {
  /** Its `type` in the configuration. */
  type: string;
  title: string;
  /** Rows of tables, or the files of archive and lake. */
  receives: Sink['kind'];
  /** How it can be sent rows, the default first; none for a sink of files. */
  formats: readonly RowFormat[];
  /** The tables that it can take, by name; left out: every table that can be delivered. */
  tables?: readonly string[];
  /** Its own options, each with its documentation. `type`, `tables` and `format` are not among them. */
  options: Shape;
  /** Each as option `<name>`, or `<name>File` for a file that holds it. */
  secrets: List;
  /** What is wrong with settings that are each right by themselves; null if nothing is. */
  problem?(configured: Configured<z.output<Shape>, SecretValues<List>>): CrossProblem | null;
  /** What no other sink may write to, such as a file; null if any number may share. */
  place?(options: z.output<Shape>): string | null;
  /** Whether rows go to standard output, which then has no room for anything else. */
  usesStdout?(options: z.output<Shape>): boolean;
  /** Makes the sink, which has its own `check`. Sends nothing yet. */
  open(
    name: string,
    configured: Configured<z.output<Shape>, SecretValues<List>>,
    connection: SinkConnection,
  ): Sink;
};

type AnyOptions = Readonly<Record<string, unknown>>;

/** What the configuration gives a sink whose type it does not know. */
export type AnyConfigured = Configured<AnyOptions, Readonly<Record<string, string | null>>>;

/** A sink of the configuration. */
export type ConfiguredSink = AnyConfigured & { name: string; declared: SinkType };

/** A declared sink as the rest of the product sees it: every sink has the same type. */
export type SinkType = Readonly<{
  type: string;
  title: string;
  receives: Sink['kind'];
  formats: readonly RowFormat[];
  /** Null: every table that can be delivered. */
  tables: readonly string[] | null;
  options: z.ZodObject;
  secrets: SecretList;
  problem(configured: AnyConfigured): CrossProblem | null;
  place(options: AnyOptions): string | null;
  usesStdout(options: AnyOptions): boolean;
  /** `configured` is what `options` has parsed and `secrets` demand. */
  open(name: string, configured: AnyConfigured, connection: SinkConnection): Sink;
}>;

const RESERVED = ['type', 'tables', 'format'];

/**
 * Checks a declaration and forgets its own types, so that sinks of all kinds fit one list.
 * @throws Error, a defect, if it contradicts itself or an option has no documentation
 */
export function defineSink<Shape extends z.ZodObject, const List extends SecretList>(
  declaration: SinkDeclaration<Shape, List>,
): SinkType {
  for (const fault of faultsOf(declaration)) {
    throw new Error(`the sink ${JSON.stringify(declaration.type)} ${fault}`);
  }
  // The options were parsed by its own shape and the secrets checked by its own list: that is what types cannot say here.
  type Own = Configured<z.output<Shape>, SecretValues<List>>;
  const own = (configured: AnyConfigured): Own => configured as Own;
  const parsed = (options: AnyOptions): z.output<Shape> => options as z.output<Shape>;
  const { type, title, receives, formats, options, secrets, tables = null } = declaration;
  return {
    type,
    title,
    receives,
    formats,
    options,
    secrets,
    tables,
    problem: (configured) => declaration.problem?.(own(configured)) ?? null,
    place: (given) => declaration.place?.(parsed(given)) ?? null,
    usesStdout: (given) => declaration.usesStdout?.(parsed(given)) ?? false,
    open: (name, configured, connection) => declaration.open(name, own(configured), connection),
  };
}

type Facts = Pick<SinkType, 'type' | 'title' | 'receives' | 'formats' | 'options' | 'secrets'>;

function* faultsOf({ type, title, receives, formats, options, secrets }: Facts): Generator<string> {
  if (!/^[a-z][a-z0-9-]*$/.test(type)) yield 'needs a type of a-z, 0-9 and hyphens';
  if (title === '') yield 'has no title';
  if ((receives === 'rows') !== formats.length > 0) yield 'has formats exactly if it receives rows';
  const names = [...Object.keys(options.shape), ...Object.keys(secrets).flatMap(optionsOf)];
  for (const name of names) {
    if (RESERVED.includes(name)) yield `has the option ${name}, which every sink has`;
    if (names.indexOf(name) !== names.lastIndexOf(name)) yield `has the option ${name} twice`;
  }
  for (const [name, option] of Object.entries(options.shape)) {
    if (documentationOf(option).description === '')
      yield `has the option ${name} without a description`;
  }
  for (const [name, { what }] of Object.entries(secrets)) {
    if (what === '') yield `has the secret ${name} without a description`;
  }
}

/** The options that a secret may be given by. */
function optionsOf(secret: string): string[] {
  return [secret, `${secret}File`];
}
