import { validateDetailed } from 'node-cron';

/** What is wrong with a cron line: null if nothing, else the fields at fault, if they can be named (`minute, month`). */
export function cronFault(line: string): string | null {
  // No field has a number of three digits, and node-cron would write out a range up to it.
  if (/\d{3}/.test(line)) return '';
  const { valid, errors } = validateDetailed(line);
  if (valid) return null;
  const fields = errors.map(({ field }) => field).filter((field) => field !== 'expression');
  return fields.join(', ');
}
