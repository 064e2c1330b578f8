import { type Diagnosis, diagnoseRefusal } from '../../extract/diagnosis.ts';
import { fieldsOf, isObject } from '../../extract/slice/object.ts';
import { printable } from '../../platform/printable.ts';

const ABSENT =
  'GitHub answers 404 also where the token may not look or the plan lacks the feature: check the name of the enterprise or organization, and that the token is of an owner';

/** Reads GitHub's error bodies: `{message, errors, documentation_url}`. Null where the status alone says enough. */
export function diagnose(status: number, body: Buffer): Diagnosis | null {
  const message = messageOf(body);
  const what = message === '' ? `status ${status}` : `status ${status}: ${printable(message)}`;
  if (status === 403 && /rate limit/i.test(message)) {
    return {
      fault: 'limited',
      code: 'rate-limited',
      what,
      hint: 'the next run continues from here; whatever else uses this token shares its limit',
    };
  }
  if (status === 403 && /SAML|single sign-on|SSO/i.test(message)) {
    return {
      fault: 'forbidden',
      code: 'sso-required',
      what,
      hint: 'authorise the token for the single sign-on of the organization: in the list of your tokens, Configure SSO',
    };
  }
  return diagnoseRefusal(status, what, {
    refused:
      'an owner makes a new classic token with read:audit_log; set it as GITHUB_AUDIT_TOKEN or GITHUB_AUDIT_TOKEN_FILE',
    forbidden: 'the token must be of an owner and have the scope; `auditlake check` names it',
    absent: ABSENT,
  });
}

function messageOf(body: Buffer): string {
  const value = fieldsOf(body);
  const errors = Array.isArray(value['errors']) ? value['errors'] : [];
  const details = errors.map((error: unknown) => {
    if (!isObject(error)) return String(error);
    return error['message'] ?? [error['field'], error['code']].join(' ');
  });
  return [value['message'], ...details].filter((text) => typeof text === 'string').join('; ');
}
