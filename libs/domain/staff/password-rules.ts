import { StaffError } from './errors.js';

const LEAST = 12;
const MOST = 200;

/**
 * Words that the commonest passwords are made of (public lists of leaked ones). A password that is nothing but these,
 * digits and signs is found first by whoever guesses.
 */
const COMMON = [
  ...['password', 'passwort', 'passphrase', 'motdepasse', 'azerty', 'azertyuiop', 'qwerty', 'qwertz', 'qwertyuiop'],
  ...['asdfgh', 'asdfghjkl', 'zxcvbn', 'zxcvbnm', 'abcdef', 'abc', 'letmein', 'welcome', 'bienvenue', 'bonjour'],
  ...['iloveyou', 'jetaime', 'admin', 'administrator', 'root', 'login', 'master', 'secret', 'changeme', 'default'],
  ...['monkey', 'dragon', 'football', 'baseball', 'soleil', 'sunshine', 'princess', 'doudou', 'superman', 'batman'],
  ...['shadow', 'michael', 'jordan', 'hello', 'freedom', 'whatever', 'trustno', 'starwars', 'pokemon', 'summer'],
  ...['winter', 'spring', 'autumn', 'hunter', 'killer', 'test', 'guest', 'user', 'pass', 'imprimatur', 'moderator'],
];
/** Runs that people type because their fingers lie there. */
const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'azertyuiop', 'asdfghjkl', 'zxcvbnm'];
const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** What is left of a text when the words are taken out; the longest first. */
function without(text: string, words: readonly string[]): string {
  let rest = text;
  for (const word of [...words].sort((a, b) => b.length - a.length)) rest = rest.split(word).join(' ');
  return rest.replace(/\s+/g, '');
}

/** True when each sign follows from the one before: the same again, or its neighbour in a row of keys. */
function isRun(text: string): boolean {
  const signs = [...text];
  if (new Set(signs).size <= 3) return true;
  const follows = (a: string, b: string) =>
    a === b || ROWS.some((row) => row.includes(a + b) || row.includes(b + a) || (a === '9' && b === '0'));
  const odd = signs.filter((sign, i) => i > 0 && !follows(signs[i - 1]!, sign)).length;
  return odd <= signs.length / 6;
}

function isCommon(password: string, own: readonly string[]): boolean {
  const plain = password.toLowerCase();
  const undone = [...plain].map((sign) => LEET[sign] ?? sign).join('');
  const words = [...COMMON, ...own];
  return [plain, undone].some((text) => {
    const letters = without(text, words).replace(/[^\p{L}]/gu, '');
    return letters.length <= 3 || isRun(text);
  });
}

/** Parts of an address and a name that a password must not be made of. */
function ownWords({ email, name }: { email: string; name: string }): string[] {
  return `${email} ${name}`
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= 3);
}

/**
 * NIST SP 800-63B: length counts, not kinds of signs; what everybody would guess is refused.
 * @throws StaffError `password_short`, `password_long`, `password_common`
 */
export function assertGoodPassword(password: string, person: { email: string; name: string }): void {
  const length = [...password].length;
  const refuse = (code: string, message: string) => new StaffError('invalid', code, message, { param: 'password' });
  if (length < LEAST)
    throw refuse('password_short', `A password needs at least ${LEAST} characters; four words will do.`);
  if (length > MOST) throw refuse('password_long', `A password may have at most ${MOST} characters.`);
  if (isCommon(password, ownWords(person)))
    throw refuse(
      'password_common',
      'This password is easily guessed. Take four words that have nothing to do with each other.',
    );
}
