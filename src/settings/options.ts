/**
 * What the options of vendors and sinks are built from. Every option carries its documentation: `describe` says what it
 * means (Markdown), `meta` what else the reference and the reader of the configuration need:
 *
 * - `variable`: the environment variable that sets it as well, for options that are text
 * - `fallback`: in words, what holds where it is left out; options with `prefault` or `default` need none
 */
import { z } from 'zod';
import { baseUrl } from './base-url.ts';
import { DURATION, duration } from './duration.ts';
import type { Form } from './problem.ts';

/** `"30s"` in the file, milliseconds for the program. */
export function durationOption(what: string) {
  return durationText(what).transform(understood(duration)).describe(what);
}

/** A duration as it is written. */
export function durationText(what: string) {
  return z
    .string()
    .regex(DURATION, 'is not a duration such as 500ms, 30s, 15m, 24h or 7d')
    .describe(what);
}

/** The address of a server, https or on loopback, without its trailing slash. */
export function baseUrlOption(what: string) {
  return z.string().transform(understood(baseUrl)).describe(what);
}

/**
 * A file or folder. A relative one starts from the folder of the configuration file, or from the working directory if a
 * variable says it; a slash at the end stays. `-` is no path: it stands for standard output where a sink can write there.
 */
export function pathOption(what: string) {
  return z.string().min(1, 'is empty').meta({ description: what, path: true });
}

/** Text that is not empty. */
export function textOption(what: string) {
  return z.string().min(1, 'is empty').describe(what);
}

/** The last step of an option: from its text to what it means. The hint travels with the issue. */
function understood<T extends string | number>(form: Form<T>) {
  return (text: string, context: z.RefinementCtx): T => {
    const read = form(text);
    if (typeof read !== 'object') return read;
    context.addIssue({ code: 'custom', message: read.what, params: { hint: read.hint } });
    return z.NEVER;
  };
}
