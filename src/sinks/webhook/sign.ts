import { createHmac } from 'node:crypto';

/**
 * The headers of a request as Standard Webhooks has them: an id that is the same whenever the same is sent again, the time, and a
 * signature over both and the body.
 *
 * @param key a text; `whsec_…` is base64
 */
export function signedHeaders(
  { id, at, body }: { id: string; at: number; body: string },
  key: string | null,
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (key === null) return headers;
  const secret = key.startsWith('whsec_')
    ? Buffer.from(key.slice('whsec_'.length), 'base64')
    : Buffer.from(key);
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`);
  return { ...headers, 'webhook-signature': `v1,${signature.digest('base64')}` };
}
