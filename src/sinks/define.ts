import type { z } from 'zod';
import type { Sink } from './port.ts';

/** What every receiver is opened with beside its own options. */
export type SinkConnection = {
  /** Of one request, in ms. */
  timeout: number;
  /** PEM of further certificate authorities. */
  caFile: string | undefined;
  stdout: NodeJS.WritableStream;
};

export type SinkDeclaration<Shape extends z.ZodObject> = {
  /** Its `type` in the configuration. */
  type: string;
  title: string;
  receives: Sink['kind'];
  /** Its own options, each with its documentation. */
  options: Shape;
  /** Each as option `<name>` or `<name>File`. */
  secrets: Readonly<Record<string, { what: string; required: boolean }>>;
  /** What is wrong with options that are each right; null if nothing is. */
  problem?(
    options: z.output<Shape> & { tables: readonly string[] },
  ): { what: string; hint: string } | null;
  /** What no second sink may write to, such as a file; null if any number may share. */
  place?(options: z.output<Shape>): string | null;
  /** Whether rows go to standard output, which then has no room for anything else. */
  usesStdout?(options: z.output<Shape>): boolean;
  /** Nothing is sent yet. */
  open(
    name: string,
    options: z.output<Shape> & { secrets: Readonly<Record<string, string | null>> },
    connection: SinkConnection,
  ): Sink;
};
