/**
 * A bucket on loopback that speaks as much of S3's REST interface as the mirror needs: PUT, GET, HEAD and DELETE of an
 * object, path style, with conditions, checksums and signatures as AWS documents them.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Settings } from '../../../src/sinks/s3/options.ts';

export const KEY_ID = 'AKIAEXAMPLE000000001';
export const SECRET = 'wJalrXUtnFEMI/EXAMPLE/key0000000000000001';

type Stored = { body: Buffer; etag: string; sha256: string | null; metadata: string | null };
type Reply = { status: number; code?: string; headers?: Record<string, string>; body?: Buffer };
type Asked = { method: string; key: string; body: Buffer; headers: IncomingMessage['headers'] };

/** `ignores` passes over the condition of a write, `refuses` answers 501. */
export type Traits = {
  conditions?: 'kept' | 'ignores' | 'refuses';
  checksums?: 'kept' | 'ignores' | 'refuses';
  /** Without permission to list, AWS says 403 of what is not there. */
  mayList?: boolean;
  /** What is not allowed, as `GET archive/`. */
  denied?: string[];
};

export type Bucket = {
  objects: Map<string, Stored>;
  /** What was asked, as `PUT archive/…`, also what failed. */
  asked: string[];
  options: Settings;
  traits: Traits;
  /** Called before a request is served, with what is asked. */
  onRequest: (what: string) => 'serve' | 'busy' | 'lose-answer' | 'cut' | 'garble';
  /** Called after each change, with what it was. */
  onChange: (what: string) => void;
  put(key: string, body: string | Buffer): void;
  text(key: string): string | undefined;
};

export async function bucketWith(traits: Traits = {}): Promise<Bucket> {
  const objects: Bucket['objects'] = new Map();
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // the client went away before it had sent everything: nothing is stored
    }
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', 'http://bucket');
    const method = request.method ?? '';
    const [, name, ...rest] = decodeURIComponent(url.pathname).split('/');
    const key = rest.join('/');
    const fate = bucket.onRequest(`${method} ${key}`);
    bucket.asked.push(`${method} ${key}`);
    if (fate === 'cut') return void request.socket.destroy();
    if (fate === 'garble') body[0] = (body[0] ?? 0) ^ 1;
    const reply: Reply =
      fate === 'busy'
        ? { status: 503, code: 'SlowDown' }
        : name === bucket.options.bucket
          ? (refusal(request, url, bucket.traits, key) ??
            answer(bucket, { method, key, body, headers: request.headers }))
          : { status: 404, code: 'NoSuchBucket' };
    if (fate === 'lose-answer') return void request.socket.destroy();
    const payload =
      reply.code === undefined
        ? (reply.body ?? Buffer.alloc(0))
        : Buffer.from(
            `<?xml version="1.0"?><Error><Code>${reply.code}</Code><Message>about ${key}</Message></Error>`,
          );
    response.writeHead(reply.status, {
      ...(reply.code === undefined ? {} : { 'content-type': 'application/xml' }),
      ...(reply.status === 204 ? {} : { 'content-length': String(payload.length) }),
      ...reply.headers,
    });
    response.end(method === 'HEAD' || reply.status === 204 ? undefined : payload);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const bucket: Bucket = {
    objects,
    asked: [],
    traits,
    onRequest: () => 'serve',
    onChange: () => undefined,
    put: (key, text) => void objects.set(key, stored(Buffer.from(text), null, null)),
    text: (key) => objects.get(key)?.body.toString(),
    options: {
      bucket: 'acme-ai-audit',
      prefix: 'auditlake/',
      region: 'eu-west-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      forcePathStyle: true,
      accessKeyId: KEY_ID,
      secretAccessKey: SECRET,
      timeout: 5_000,
      caFile: undefined,
      env: {},
    },
  };
  return bucket;
}

function answer(bucket: Bucket, asked: Asked): Reply {
  const { method, key } = asked;
  if (method === 'PUT') return put(bucket, asked);
  if (method === 'DELETE') {
    bucket.objects.delete(key);
    bucket.onChange(`DELETE ${key}`);
    return { status: 204 };
  }
  const there = bucket.objects.get(key);
  if (there === undefined) {
    return bucket.traits.mayList === false
      ? { status: 403, code: 'AccessDenied' }
      : { status: 404, code: 'NoSuchKey' };
  }
  const headers: Record<string, string> = {
    etag: there.etag,
    ...(there.metadata === null ? {} : { 'x-amz-meta-sha256': there.metadata }),
    ...(there.sha256 !== null && asked.headers['x-amz-checksum-mode'] === 'ENABLED'
      ? { 'x-amz-checksum-sha256': there.sha256, 'x-amz-checksum-type': 'FULL_OBJECT' }
      : {}),
  };
  if (method === 'HEAD') {
    return { status: 200, headers: { ...headers, 'content-length': String(there.body.length) } };
  }
  const range = /^bytes=0-(\d+)$/.exec(asked.headers.range ?? '');
  if (range === null) return { status: 200, headers, body: there.body };
  const part = there.body.subarray(0, Number(range[1]) + 1);
  const total = there.body.length;
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes 0-${part.length - 1}/${total}` },
    body: part,
  };
}

function put({ objects, traits, onChange }: Bucket, { key, body, headers }: Asked): Reply {
  if (headers['content-encoding']?.includes('aws-chunked') || headers['x-amz-trailer']) {
    return { status: 501, code: 'NotImplemented' }; // as R2 and Google: no trailing checksums
  }
  const sha256 = headers['x-amz-checksum-sha256'];
  const { conditions = 'kept', checksums = 'kept' } = traits;
  const wantsNew = headers['if-none-match'] === '*';
  const wanted = headers['if-match'];
  if (conditions === 'refuses' && (wantsNew || wanted !== undefined)) {
    return { status: 501, code: 'NotImplemented' };
  }
  if (checksums === 'refuses' && sha256 !== undefined) {
    return { status: 400, code: 'NotImplemented' };
  }
  // As moto with Object Lock: a checksum alone does not say which it is.
  if (sha256 !== undefined && headers['x-amz-sdk-checksum-algorithm'] !== 'SHA256') {
    return { status: 400, code: 'InvalidRequest' };
  }
  const there = objects.get(key);
  if (conditions === 'kept') {
    if (wantsNew && there !== undefined) return { status: 412, code: 'PreconditionFailed' };
    if (wanted !== undefined && there?.etag !== wanted) {
      return { status: 412, code: 'PreconditionFailed' };
    }
  }
  const knowsSha256 = checksums === 'kept' && typeof sha256 === 'string';
  const md5 = headers['content-md5'];
  if (knowsSha256 && sha256 !== hash('sha256', body)) return { status: 400, code: 'BadDigest' };
  if (md5 !== undefined && md5 !== hash('md5', body)) return { status: 400, code: 'BadDigest' };
  const metadata = headers['x-amz-meta-sha256'];
  const object = stored(
    body,
    knowsSha256 ? sha256 : null,
    typeof metadata === 'string' ? metadata : null,
  );
  objects.set(key, object);
  onChange(`PUT ${key}`);
  return {
    status: 200,
    headers: { etag: object.etag, ...(knowsSha256 ? { 'x-amz-checksum-sha256': sha256 } : {}) },
  };
}

function stored(body: Buffer, sha256: string | null, metadata: string | null): Stored {
  return { body, etag: `"${createHash('md5').update(body).digest('hex')}"`, sha256, metadata };
}

function hash(algorithm: string, body: Buffer): string {
  return createHash(algorithm).update(body).digest('base64');
}

/** Signature Version 4, and permissions. Null if all is well. */
function refusal(request: IncomingMessage, url: URL, traits: Traits, key: string): Reply | null {
  const parsed =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (parsed === null) return { status: 403, code: 'AccessDenied' };
  const [, id, day = '', region = '', names = '', signature = ''] = parsed;
  if (id !== KEY_ID) return { status: 403, code: 'InvalidAccessKeyId' };
  const canonical = [
    request.method,
    url.pathname,
    [...url.searchParams].map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join('&'),
    ...names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}`),
    '',
    names,
    request.headers['x-amz-content-sha256'],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, digest].join('\n');
  const signingKey = [day, region, 's3', 'aws4_request'].reduce(
    (by: Buffer | string, part) => createHmac('sha256', by).update(part).digest(),
    `AWS4${SECRET}`,
  );
  const expected = createHmac('sha256', signingKey).update(toSign).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) {
    return { status: 403, code: 'SignatureDoesNotMatch' };
  }
  const what = `${request.method === 'HEAD' ? 'GET' : request.method} ${key}`;
  return traits.denied?.some((one) => what.startsWith(one)) === true
    ? { status: 403, code: 'AccessDenied' }
    : null;
}
