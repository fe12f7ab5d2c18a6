import type { Request, Response } from 'express';
import { assertOwnPage, cookieNames, readCookie, setOidcCookie, setSessionCookie } from './cookies.js';

const request = (headers: Record<string, string>) =>
  ({ headers, protocol: 'http', header: (name: string) => headers[name] }) as unknown as Request;

function kept(give: (response: Response) => void) {
  const calls: unknown[][] = [];
  give({ cookie: (...args: unknown[]) => calls.push(args) } as unknown as Response);
  return calls[0]!;
}

it('binds cookies to the host wherever there is https', () => {
  const names = cookieNames('https://desk.example.org');
  const expires = new Date();
  expect(kept((response) => setSessionCookie(response, names, 's', expires))).toEqual([
    '__Host-imprimatur-staff',
    's',
    { httpOnly: true, secure: true, path: '/', sameSite: 'strict', expires },
  ]);
  expect(kept((response) => setOidcCookie(response, names, 's', 5))).toEqual([
    '__Host-imprimatur-oidc',
    's',
    { httpOnly: true, secure: true, path: '/', sameSite: 'lax', maxAge: 5 },
  ]);
  expect(cookieNames('http://127.0.0.1:3000').session).toBe('imprimatur-staff');
});

it.each([
  ['a=1; b=2%2B', 'b', '2+'],
  ['b=x=y', 'b', 'x=y'],
  // Set by somebody else beside ours: neither can be told to be ours.
  ['b=1; b=2', 'b', undefined],
  ['b=%', 'b', undefined],
  ['bb=1', 'b', undefined],
])('%s holds %s: %s', (cookie, name, value) => expect(readCookie(request({ cookie }), name)).toBe(value));

it('hears its own pages and clients that are no browser', () => {
  const own = (headers: Record<string, string>) => () =>
    assertOwnPage(request({ host: '127.0.0.1:3000', ...headers }), 'https://desk.example.org/');
  const good: Record<string, string>[] = [
    {},
    { origin: 'https://desk.example.org' },
    { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' },
  ];
  for (const headers of good) expect(own(headers)).not.toThrow();
  const bad: Record<string, string>[] = [
    { origin: 'https://example.org' },
    { origin: 'http://desk.example.org' },
    { origin: 'null' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'https://desk.example.org', 'sec-fetch-site': 'none' },
  ];
  for (const headers of bad) expect(own(headers)).toThrow(expect.objectContaining({ code: 'foreign_origin' }) as Error);
});
