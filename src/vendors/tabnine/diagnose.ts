import { printable } from '../../platform/printable.ts';
import { type Diagnosis, diagnoseRefusal } from '../../extract/diagnosis.ts';

/**
 * Reads Tabnine's error bodies. At least five shapes exist: `error` may be a code, an object or
 * missing, and what matters may stand in `message`, `error.message` or `error.errors`.
 *
 * @returns null where the status alone says enough
 */
export function diagnose(status: number, body: Buffer): Diagnosis | null {
  const { code, message } = read(body);
  const what = message === '' ? `status ${status}` : `status ${status}: ${printable(message)}`;
  if (status === 401 && /invalid organi[sz]ation/i.test(message)) {
    // The token is fine: the endpoint wants organizationId. Taken for a bad token, it would be rotated for nothing.
    return {
      fault: 'rejected',
      code: 'organization-required',
      what,
      hint: 'the endpoint wants the organization named: please report it with this message',
    };
  }
  if (status === 403 && code === 'FEATURE_NOT_AVAILABLE') {
    return {
      fault: 'forbidden',
      code: 'feature-not-licensed',
      what,
      hint: 'the licence does not include this feature: ask Tabnine, or leave it; nothing else depends on it',
    };
  }
  if (status === 500 && /indexing service/i.test(message)) {
    // Documented as the normal answer of an installation without that service: a repeat brings the same.
    return {
      fault: 'absent',
      code: 'indexing-not-configured',
      what,
      hint: 'repositories are listed once the indexing service is configured; nothing else depends on it',
    };
  }
  return diagnoseRefusal(status, what, {
    refused:
      'an Admin makes a new token in the console under Settings, Access Tokens; set it as TABNINE_TOKEN or TABNINE_TOKEN_FILE',
    forbidden: 'the token must belong to a user with the role Admin',
    absent:
      'an older private installation may lack this endpoint; `auditlake check` shows which version brings it',
  });
}

function read(body: Buffer): { code: string; message: string } {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return { code: '', message: '' };
  }
  if (!isObject(value)) return { code: '', message: '' };
  const { error } = value;
  const inner = isObject(error) ? error : {};
  const list = Array.isArray(inner['errors']) ? inner['errors'].map(String) : [];
  const message = [value['message'], inner['message'], ...list].filter(
    (m) => typeof m === 'string',
  );
  return { code: typeof error === 'string' ? error : '', message: message.join('; ') };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
