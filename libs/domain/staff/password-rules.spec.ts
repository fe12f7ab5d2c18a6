import { assertGoodPassword } from './password-rules.js';

const anna = { email: 'anna.leclerc@example.org', name: 'Anna Leclerc' };
const code = (password: string) => {
  try {
    assertGoodPassword(password, anna);
    return null;
  } catch (e) {
    return (e as { code: string }).code;
  }
};

it.each([
  'correct horse battery staple',
  'mauve-tabouret-canoë-orage',
  'Zr8#kLw2!vQp9x',
  'summer rain on a tin roof',
  'привет как дела сосед',
])('accepts %s', (password) => expect(code(password)).toBeNull());

it.each([
  ['password_short', 'kLw2!vQp9x#'],
  ['password_long', 'kLw2!vQp9x#'.repeat(20)],
  ['password_common', 'password1234'],
  ['password_common', 'P@ssw0rd!2026'],
  ['password_common', 'Passwordpassword'],
  ['password_common', 'azertyuiop123'],
  ['password_common', 'qwertyuiop!!!!'],
  ['password_common', '123456789012'],
  ['password_common', 'aaaaaaaaaaaaaaa'],
  ['password_common', 'abcdefghijklmno'],
  ['password_common', 'AnnaLeclerc2026'],
  ['password_common', 'imprimatur2026!'],
  ['password_common', 'iloveyou-iloveyou'],
])('%s: %s', (wanted, password) => expect(code(password)).toBe(wanted));

it('counts characters as people do', () => {
  expect(code('🦊🌲❄️🌙🏔️🦉')).toBe('password_short');
});
