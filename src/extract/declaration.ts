/**
 * What a vendor says about itself, in the `vendor.ts` of its folder. From it come the configuration and its schema, the
 * tables in the docs, `check`, the demo, and every text that names the vendor. Nothing outside its folder knows its name.
 */
import type { z } from 'zod';
import type { VendorError } from '../errors.ts';
import type { Quota } from './quota.ts';
import type { RetryPolicy } from '../http/retry.ts';
import type { Millis, Quirk, Spent } from '../model.ts';
import type { MakeSandbox } from '../sandbox/vendor.ts';
import type { CrossProblem, Problem } from '../settings/problem.ts';
import type { SecretOption } from '../settings/secrets.ts';
import type { OnAnswer, SourceClient } from './client.ts';
import type { Diagnose } from './diagnosis.ts';
import type { Identity, SourceReader, Stream, StreamInfo } from './port.ts';
import type { Read } from './reads.ts';
import type { RequestBudget } from './request-budget.ts';
import type { Redaction } from './redaction.ts';

/** What does not depend on the types of options and session. */
type Described = {
  /** Its `type` in the configuration, its `vendor` in every table. */
  type: string;
  /** As headings and sentences name it. */
  title: string;
  /** Product and maker, as OCSF's `metadata.product` names them. */
  product: { name: string; vendor: string };
  /** Where its SQL files, actions.csv, access.csv and measures.csv are: `new URL('.', import.meta.url)`. */
  folder: URL;
  /** The base URL of the API unless the configuration names another. */
  host: string;
  /** Environment variables of the token and the base URL; `<token>_FILE` names a file with the token. */
  variables: { token: string; baseUrl: string };
  token: {
    /** What kind of token it takes, and where the vendor lets one make it. */
    hint: string;
    /** What is wrong with a token beyond what is true for all tokens; null if nothing is. */
    problem?(value: string): Problem | null;
  };
  /** The headers that the token travels in. Default: a bearer token. */
  authorize?: (token: string) => Record<string, string>;
  /**
   * How many requests it allows per endpoint and period, where its refusals do not say when the next period begins. Until
   * then the endpoint is left alone.
   */
  quota?: Quota;
  /** What it hides of answers that mix what must be recorded with what people wrote. */
  redactions?: readonly Redaction[];
  /** Whether figures of its users can be kept under pseudonyms: the source then takes the secret `pseudonymKey`. */
  pseudonyms?: boolean;
};

/** What a session is made from. */
export type Connection<Options> = {
  client: SourceClient;
  options: Options;
  /** By name; null where one is not set. */
  secrets: Readonly<Record<string, string | null>>;
  /** Requests in flight, at most. */
  concurrency: number;
  now: () => Millis;
  /** The user's id, or the pseudonym that stands for it wherever it is kept. */
  nameOfUser: (id: string) => string;
  /** Reports where the vendor differs from its documentation. */
  quirk: (quirk: Quirk) => void;
};

/** What a vendor declares. `Session` is what its streams share while an account is open. */
export type VendorDeclaration<Shape extends z.ZodObject, Session> = Described & {
  /**
   * Options of a source beyond those of every source, each with its documentation and default. An option that also has
   * an environment variable names it as `meta({ variable })`.
   */
  options: Shape;
  /** Secrets besides the token, each as option `<name>` or `<name>File`. */
  secrets?: Readonly<Record<string, SecretOption>>;
  /** What is wrong with options that are fine one by one; null if nothing is. */
  problem?(options: z.output<Shape>): CrossProblem | null;
  /** Requests besides those of the streams. */
  reads: readonly Read[];
  /** What the vendor allows by the hour or the minute: more is not sent, in this run or the next. */
  budgets?: readonly RequestBudget[];
  /** Reads the vendor's error bodies; null where the status says it all. */
  diagnose: Diagnose;
  /** Sends nothing yet. */
  session(connection: Connection<z.output<Shape>>): Session;
  /** Sends the first request of a run; `known` is what the home remembers of the account. */
  identify(session: Session, known: string | null): Promise<Identity>;
  /** Compares what should agree, for `check`; what does not is a quirk. */
  crossCheck?(session: Session): Promise<void>;
  /** In the order in which they are read: the evidence first, what takes long last. */
  streams: readonly Stream<Session>[];
  /**
   * Makes the vendor's API for the kit in `sandbox/` to serve. Imported only when asked for. A vendor of somebody's own may
   * do without: then the demo and `auditlake sandbox` leave it out.
   */
  sandbox?: () => Promise<MakeSandbox>;
};

/** What a configured account is opened with. */
export type Account = {
  /** Its name in the configuration. */
  source: string;
  baseUrl: string;
  token: string;
  /** What the declaration's schema made of them. */
  options: Readonly<Record<string, unknown>>;
  secrets: Readonly<Record<string, string | null>>;
  /** Under which texts are hashed that the vendor's redactions hide; needed where it declares some. */
  redactionKey?: Buffer;
  concurrency: number;
  /** What was sent before, and where it is kept that more was; for vendors with budgets. */
  requests?: { spent: Spent; save(spent: Spent): Promise<void> };
  /** How long a request may stay silent, in ms. */
  timeout: number;
  /** A PEM file with further certificate authorities. */
  caFile: string | undefined;
  /** Where proxies are named. */
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  now: () => Millis;
  /** Called before each repeat of a failed request. */
  onRetry: (error: VendorError, waitMs: number) => void;
  /** Called with each answer that was understood, for what no document says of it. */
  onAnswer?: OnAnswer;
  /** Default: what suits every vendor. */
  retry?: RetryPolicy;
};

/** A declared vendor, as the rest of auditlake sees it. */
export type Vendor = Described & {
  pseudonyms: boolean;
  redactions: readonly Redaction[];
  options: z.ZodObject;
  secrets: Readonly<Record<string, SecretOption>>;
  budgets: readonly RequestBudget[];
  problem(options: Readonly<Record<string, unknown>>): CrossProblem | null;
  /** Every request that it may send, those of the streams included. */
  reads: readonly Read[];
  streams: readonly StreamInfo[];
  /** Opens an account. Sends nothing yet. */
  open(account: Account): SourceReader;
  sandbox: (() => Promise<MakeSandbox>) | null;
};
