import type { Form } from './problem.ts';

const EXAMPLE = 'write an address such as https://console.example.com';

/** The address of an API without its trailing slash. Plain http is for loopback only: a token would travel in the clear. */
export const baseUrl: Form<string> = (text) => {
  if (!URL.canParse(text)) return { what: 'is not a URL', hint: EXAMPLE };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { what: 'is not an http or https address', hint: EXAMPLE };
  }
  if (url.username !== '' || url.password !== '') {
    return {
      what: 'has a user name or password in it',
      hint: 'remove them from the address: the token alone identifies the client',
    };
  }
  if (/[?#]/.test(text)) {
    return { what: 'has a query or fragment', hint: 'end the address before the ? or #' };
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return {
      what: 'would send the token unencrypted',
      hint: 'use https; plain http is accepted for localhost, 127.0.0.0/8 and [::1] only',
    };
  }
  return url.href.replace(/\/+$/, '');
};

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
