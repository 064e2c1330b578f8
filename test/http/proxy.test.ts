import { describe, expect, test } from 'vitest';
import { AuditlakeError } from '../../src/errors.ts';
import { proxiesOf, secretsOf } from '../../src/http/proxy.ts';

describe('the proxies that the environment names', () => {
  test.each<[Record<string, string>, { http: string; https: string; except: string }]>([
    [{}, { http: '', https: '', except: '' }],
    [{ HTTPS_PROXY: '' }, { http: '', https: '', except: '' }],
    [
      { HTTPS_PROXY: 'http://proxy.acme.test:3128', NO_PROXY: '.acme.test' },
      { http: '', https: 'http://proxy.acme.test:3128/', except: '.acme.test' },
    ],
    // HTTPS goes by the other one too, if it is alone.
    [
      { HTTP_PROXY: 'http://a.test:1' },
      { http: 'http://a.test:1/', https: 'http://a.test:1/', except: '' },
    ],
    [
      { ALL_PROXY: 'a.test:1', HTTP_PROXY: 'b.test:2' },
      { http: 'http://b.test:2/', https: 'http://a.test:1/', except: '' },
    ],
    // Lower case first, as for curl.
    [
      { https_proxy: 'http://a.test:1', HTTPS_PROXY: 'http://b.test:1', no_proxy: '*' },
      { http: '', https: 'http://a.test:1/', except: '*' },
    ],
    [
      { HTTPS_PROXY: 'proxy.acme.test:3128' },
      { http: '', https: 'http://proxy.acme.test:3128/', except: '' },
    ],
    [
      { HTTPS_PROXY: '203.0.113.9:3128' },
      { http: '', https: 'http://203.0.113.9:3128/', except: '' },
    ],
    [
      { HTTPS_PROXY: 'svc:pass@proxy.acme.test:3128' },
      { http: '', https: 'http://svc:pass@proxy.acme.test:3128/', except: '' },
    ],
  ])('%j', (env, proxies) => {
    expect(proxiesOf(env)).toEqual(proxies);
  });
});

test.each([
  'http://svc:Sup3r/S3cret@proxy.acme.test:3128',
  'http://svc:Sup3r#S3cret@proxy.acme.test:3128',
  'http://svc:Sup3rS3cret@proxy.acme.test:99999',
  'svc:Sup3r/S3cret@proxy.acme.test:3128',
  'http://svc:Sup3r%S3cret@proxy.acme.test:3128',
  'socks5://svc:Sup3rS3cret@proxy.acme.test:1080',
])('%s is refused without repeating it', (HTTPS_PROXY) => {
  let error: unknown;
  try {
    proxiesOf({ HTTPS_PROXY });
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(AuditlakeError);
  expect(error).toMatchObject({ exit: 2, message: expect.stringContaining('HTTPS_PROXY') });
  const { message, hint, stack, cause } = error as AuditlakeError;
  expect([message, hint, stack, String(cause)].join()).not.toMatch(/Sup3r|S3cret/);
});

test('the password of a proxy is a secret, as it stands there and as it is meant', () => {
  const proxies = proxiesOf({ HTTPS_PROXY: 'http://svc:Sup3r%2FS3cret@proxy.acme.test:3128' });
  expect(secretsOf(proxies)).toEqual(['Sup3r%2FS3cret', 'Sup3r/S3cret']);
});
