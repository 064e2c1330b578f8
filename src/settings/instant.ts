import type { Form } from './problem.ts';

/** The shape of a date or instant; whether there is such a day is judged by `instant`. */
export const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/;

/** An ISO date (its midnight) or instant in UTC, as milliseconds since 1970. */
export const instant: Form<number> = (text) => {
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse takes 30 February for 1 March.
  if (!Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text.slice(0, 10)) return ms;
  return {
    what: 'is not a date or instant in UTC',
    hint: 'write it as 2025-01-31 or 2025-01-31T12:00:00Z',
  };
};
