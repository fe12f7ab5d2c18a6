import { randomBytes } from 'node:crypto';
import { argon2id } from 'hash-wasm';
import { Passwords } from './passwords.js';

const passwords = new Passwords();
afterAll(() => passwords.close());

it('keeps cost and salt with the hash, and never the same hash twice', async () => {
  const [one, two] = await Promise.all([passwords.hash('four words of rain'), passwords.hash('four words of rain')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(two).not.toBe(one);
  expect(await passwords.check('four words of rain', one)).toEqual({ right: true, stale: false });
  expect(await passwords.check('four words of rainy', one)).toEqual({ right: false, stale: false });
});

it('reads hashes of another cost and says that they are old; letters may be composed either way', async () => {
  const made = await argon2id({
    password: 'caf\u00e9 au bord du canal',
    salt: randomBytes(16),
    memorySize: 1024,
    iterations: 1,
    parallelism: 1,
    hashLength: 32,
    outputType: 'encoded',
  });
  expect(await passwords.check('cafe\u0301 au bord du canal', made)).toEqual({ right: true, stale: true });
  expect(await passwords.check('cafe au bord du canal', made)).toEqual({ right: false, stale: false });
});

it('nobody’s password is wrong, after as long as anybody’s', async () => {
  const stored = await passwords.hash('four words of rain');
  const took = async (hash: string | null) => {
    const started = performance.now();
    for (let i = 0; i < 2; i++) expect((await passwords.check('anything else', hash)).right).toBe(false);
    return performance.now() - started;
  };
  await took(stored);
  const [known, unknown] = [await took(stored), await took(null)];
  // The machine may be busy with something else; without the hash it would be a thousandth.
  expect(unknown / known).toBeGreaterThan(0.2);
});

it('hashes on a thread of its own: the event loop stands still for none of it', async () => {
  let worst = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    worst = Math.max(worst, performance.now() - last);
    last = performance.now();
  }, 1);
  const started = performance.now();
  await Promise.all(Array.from({ length: 8 }, () => passwords.hash('four words of rain')));
  clearInterval(timer);
  expect(worst).toBeLessThan((performance.now() - started) / 3);
});

it('refuses a queue that is too long, and a damaged hash', async () => {
  const many = Array.from({ length: 20 }, () => passwords.check('x', null));
  const done = await Promise.allSettled(many);
  const refused = done.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  expect(refused.length).toBe(4);
  expect(refused[0]!.reason).toMatchObject({ code: 'sign_in_busy', kind: 'unavailable' });
  await expect(passwords.check('x', '$argon2id$v=19$m=19456')).rejects.toThrow('cannot be read');
});
