import { hash } from '../../../sandbox/random.ts';

/** Hexadecimal digits for the thing at `place` among those of one kind. */
export function hex(seed: number, kind: string, place: number, digits: number): string {
  let text = '';
  for (let part = 0; text.length < digits; part++) {
    text += eight(hash(seed + kind.length * 31 + part * 7919, place * 131 + kind.charCodeAt(0)));
  }
  return text.slice(0, digits);
}

/** The id of the audit event at `index`: its first eight digits are a bijection of the index, so that no two are equal. */
export function auditLogId(seed: number, index: number): string {
  const unique = (index ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  return (
    `audit_log-${eight(unique)}${eight(hash(seed + 41, index))}` +
    eight(hash(seed + 42, index)) +
    eight(hash(seed + 43, index))
  );
}

/** The index in an id that `auditLogId` made; of any other id, some number. */
export function indexOfAuditLogId(seed: number, id: string): number {
  const unique = Number.parseInt(id.slice('audit_log-'.length, 'audit_log-'.length + 8), 16);
  return (unique ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
}

function eight(value: number): string {
  return value.toString(16).padStart(8, '0');
}
