import { printable } from '../../platform/printable.ts';
import { type Diagnosis, diagnoseRefusal } from '../../extract/diagnosis.ts';

/** Reads Devin's error bodies: `detail` is a text or a list of complaints. Null where the status alone says enough. */
export function diagnose(status: number, body: Buffer): Diagnosis | null {
  const detail = detailOf(body);
  const what = detail === '' ? `status ${status}` : `status ${status}: ${printable(detail)}`;
  return diagnoseRefusal(status, what, {
    refused:
      'make a new key for an enterprise service user in the settings of Devin; set it as DEVIN_TOKEN or DEVIN_TOKEN_FILE',
    forbidden:
      'the service user lacks the permission for this endpoint; `auditlake check` names it',
    absent:
      'this host has no such endpoint: check DEVIN_BASE_URL; dedicated tenants have a host of their own',
  });
}

function detailOf(body: Buffer): string {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return '';
  }
  const { detail } = (value ?? {}) as { detail?: unknown };
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return '';
  return detail
    .map((item: unknown) => {
      const { loc, msg } = (item ?? {}) as { loc?: unknown; msg?: unknown };
      const place = Array.isArray(loc) ? loc.join('.') : '';
      return `${place}: ${typeof msg === 'string' ? msg : JSON.stringify(item)}`;
    })
    .join('; ');
}
