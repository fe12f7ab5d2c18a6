import { TOTP } from 'otpauth';
import { isOneTimeCode, matchRecovery, newRecoveryCodes, newTotpSecret, totpSetup, totpStepOf } from './codes.js';

/** RFC 6238, appendix B: SHA-1, last six digits of its eight. */
const RFC = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

it.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
])('at %i s the code is %s', (seconds, code) => {
  const step = Math.floor(seconds / 30);
  const at = (s: number) => totpStepOf(RFC, code, new Date(s * 1000));
  expect(at(seconds)).toBe(step);
  // One step early or late is the same step; two are too far.
  expect(at(seconds - 30)).toBe(step);
  expect(at(seconds + 30)).toBe(step);
  expect(at(seconds + 60)).toBeNull();
  expect(at(seconds - 60)).toBeNull();
});

it('an app that reads the address makes the same codes', () => {
  const secret = newTotpSecret();
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  const { otpauth_url, qr_svg } = totpSetup(secret, 'anna@example.org');
  expect(qr_svg).toMatch(/^<svg/);
  const url = new URL(otpauth_url);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    secret,
    digits: '6',
    period: '30',
    issuer: 'Imprimatur',
  });
  const app = new TOTP({ secret: url.searchParams.get('secret')!, digits: 6, period: 30 });
  const now = new Date();
  expect(totpStepOf(secret, app.generate({ timestamp: now.getTime() }), now)).toBe(Math.floor(now.getTime() / 30_000));
  expect(totpStepOf(newTotpSecret(), app.generate({ timestamp: now.getTime() }), now)).toBeNull();
});

it('recovery codes are known however they are typed, and only to their owner', () => {
  const { codes, hashes } = newRecoveryCodes('stf_1');
  expect(new Set(codes).size).toBe(10);
  const [code] = codes as [string];
  expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
  const typed = code.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l');
  expect(matchRecovery('stf_1', typed, hashes)).toBe(hashes[0]);
  expect(matchRecovery('stf_2', code, hashes)).toBeNull();
  expect(matchRecovery('stf_1', code.slice(1), hashes)).toBeNull();
  expect(JSON.stringify(hashes)).not.toContain(code.slice(0, 4) + code.slice(5, 9));
  expect([isOneTimeCode('123 456'), isOneTimeCode(code)]).toEqual([true, false]);
});
