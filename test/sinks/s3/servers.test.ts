import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Settings } from '../../../src/sinks/s3/options.ts';
import { openS3 } from '../../../src/sinks/s3/sink.ts';
import { serve } from '../../http/server.ts';
import { toolsFor } from '../delivery.ts';
import { few } from '../../long.ts';
import { bucketWith, SECRET, type Traits } from './bucket.ts';
import { day, testHome } from '../home.ts';
import { expectMirrored, mirror, watch } from './mirrored.ts';

const CONDITIONS = expect.stringContaining('conditional writes');
const CHECKSUMS = expect.stringContaining('checked by MD5');

const TRAITS = few<[string, Traits, unknown[]]>(3, [
  ['conditions are passed over', { conditions: 'ignores' }, [CONDITIONS]],
  ['checksums are passed over', { checksums: 'ignores' }, [CHECKSUMS]],
  ['neither is known', { conditions: 'refuses', checksums: 'refuses' }, [CHECKSUMS, CONDITIONS]],
  ['conditions are refused', { conditions: 'refuses' }, [CONDITIONS]],
  ['checksums are refused', { checksums: 'refuses' }, [CHECKSUMS]],
]);

test.each(TRAITS)(
  'where %s, the copy is the same and a warning says so once',
  async (_, traits, said) => {
    const bucket = await bucketWith(traits);
    watch(bucket);
    const home = await testHome(12);
    await home.lake({ [day(1)]: 'one', [day(2)]: 'two' });
    const { warnings } = await mirror(home, bucket);
    expect(warnings).toEqual(said);
    await home.commit();
    await home.lake({ [day(1)]: 'one', [day(3)]: 'three' });
    await mirror(home, bucket);
    expectMirrored(home, bucket);
  },
);

test.each(['ignores', 'refuses'] as const)(
  'where conditions are not kept (%s), what is there is still not overwritten',
  async (conditions) => {
    for (const number of ['000000000002', '000000000005']) {
      const bucket = await bucketWith({ conditions });
      const home = await testHome(6);
      const path = [...home.content.keys()].find((one) => one.includes(number)) ?? '';
      bucket.put(`auditlake/${path}`, 'forged');
      await expect(mirror(home, bucket)).rejects.toMatchObject({ exit: 5 });
      expect(bucket.text(`auditlake/${path}`)).toBe('forged');
    }
  },
);

test('where checksums are not known, MD5 still finds a body that was altered on the way', async () => {
  const bucket = await bucketWith({ checksums: 'refuses' });
  const home = await testHome(3);
  bucket.onRequest = () => 'garble';
  await expect(mirror(home, bucket)).rejects.toMatchObject({ exit: 3, code: 's3-altered' });
  expect(bucket.objects.size).toBe(0);
});

test.each<[string, Partial<Settings>, string[], number, RegExp]>([
  ['a wrong secret', { secretAccessKey: 'wrong-secret-1' }, [], 4, /SignatureDoesNotMatch/],
  ['an unknown key', { accessKeyId: 'AKIAEXAMPLE000000002' }, [], 4, /InvalidAccessKeyId/],
  ['another bucket', { bucket: 'acme-typo' }, [], 4, /acme-typo.*NoSuchBucket/],
  ['no permission to write', {}, ['PUT '], 4, /^PUT s3:.*AccessDenied/],
  ['nobody listening', { endpoint: 'http://127.0.0.1:1' }, [], 3, /ECONNREFUSED/],
])('%s', async (_, changed, denied, exit, message) => {
  const bucket = await bucketWith({ denied });
  const home = await testHome(2);
  const sink = openS3('bucket', { ...bucket.options, ...changed });
  const run = sink.mirror(home.files(), toolsFor());
  const error: unknown = await run.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ exit, message: expect.stringMatching(message) });
  expect(inspect(error, { depth: 2 })).not.toMatch(new RegExp(`${SECRET}|wrong-secret`));
  await sink.close();
  expect(bucket.objects.size).toBe(0);
  expect(home.reached).toBe(0);
});

test.each<[string, number, Record<string, string>, RegExp]>([
  ['a page', 200, { 'content-type': 'text/html' }, /no ETag/],
  ['a redirect', 302, { location: 'https://login.acme.test/' }, /302/],
])('a gateway that wants a sign-in is for a person: %s', async (_, status, headers, message) => {
  const gateway = await serve((_request, response) => {
    response.writeHead(status, headers).end('<html>Sign in</html>');
  });
  const { options } = await bucketWith({});
  const home = await testHome(2);
  const sink = openS3('bucket', { ...options, endpoint: gateway.origin });
  await expect(sink.mirror(home.files(), toolsFor())).rejects.toMatchObject({
    exit: 4,
    message: expect.stringMatching(message),
  });
  await sink.close();
  expect(home.reached).toBe(0);
});

test('check reads one byte and changes nothing', async () => {
  const bucket = await bucketWith();
  const sink = openS3('bucket', bucket.options);
  const tools = toolsFor();
  expect(await sink.check(tools)).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+, s3:\/\/acme-ai-audit\/auditlake: no lake is there yet/,
  );
  bucket.put('auditlake/lake/manifest.json', '{}');
  expect(await sink.check(tools)).toMatch(/a lake is there/);
  expect(new Set(bucket.asked)).toEqual(new Set(['GET auditlake/lake/manifest.json']));
  bucket.traits.denied = ['GET '];
  await expect(sink.check(tools)).rejects.toMatchObject({ exit: 4, code: 's3-denied' });
  await sink.close();
});
