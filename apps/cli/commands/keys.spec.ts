import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevelopmentPki } from '#engines/credentials';
import { openKeys } from '#platform/keys';
import { EXIT, type Context } from '../context.js';
import { wordsOf } from '../words/index.js';
import { keysImport, keysInit, keysList, keysRevoke, keysRotate } from './keys.js';

const dir = mkdtempSync(join(tmpdir(), 'cli-keys-'));
afterAll(() => rmSync(dir, { recursive: true }));

function terminal(lang: 'en' | 'fr' = 'en', env: Record<string, string> = {}) {
  const lines: string[] = [];
  const context: Context = {
    lang,
    words: wordsOf(lang),
    env: { IMPRIMATUR_DATA_DIR: dir, ...env },
    out: (line) => lines.push(line),
    note: (line) => lines.push(line),
  };
  return { context, lines };
}

interface Row {
  sha256: string;
  state: string;
  compromisedAt: string | null;
}

async function listed(): Promise<Row[]> {
  const { context, lines } = terminal();
  await keysList({ json: true }, context);
  expect(lines.join('')).not.toMatch(/PRIVATE/);
  return JSON.parse(lines.join('\n')) as Row[];
}

it('makes, shows, rotates and revokes without a service or a database', async () => {
  const { context, lines } = terminal('fr');
  expect(await keysInit(context)).toBe(EXIT.done);
  const [first] = await listed();
  expect(first).toMatchObject({ state: 'signs', compromisedAt: null });
  await keysRotate({ algorithm: 'ed25519' }, context);
  expect(lines.at(-2)).toBe(`Retiré : ${first!.sha256}. Ce qu’il a signé reste à nous ; sa clé est détruite.`);
  expect((await listed()).map((one) => one.state)).toEqual(['signs', 'retired']);
  await keysRevoke('current', { compromisedAt: '2026-11-22T12:00:00+01:00' }, context);
  const [now, revoked] = await listed();
  expect([now!.state, revoked!.state, revoked!.compromisedAt]).toEqual([
    'signs',
    'revoked',
    '2026-11-22T11:00:00.000Z',
  ]);
  await keysRevoke(first!.sha256.slice(0, 10).toUpperCase(), { compromisedAt: '2026-11-01' }, context);
  expect((await listed()).map((one) => one.state)).toEqual(['signs', 'revoked', 'revoked']);
  const table = terminal('fr');
  await keysList({}, table.context);
  expect(table.lines.join('\n')).toMatch(new RegExp(`${now!.sha256.slice(0, 16)} +│ signe`));
});

it('refuses what it does not understand, and changes nothing', async () => {
  const before = await listed();
  const { context } = terminal();
  await expect(keysRevoke('current', { compromisedAt: 'yesterday' }, context)).rejects.toThrow(
    /"yesterday" is no time/,
  );
  await expect(keysRevoke('current', { compromisedAt: '2999-01-01' }, context)).rejects.toThrow(/future/);
  await expect(keysRevoke('abc', { compromisedAt: '2026-11-01' }, context)).rejects.toThrow(/keys list/);
  await expect(keysRotate({ algorithm: 'rsa' }, context)).rejects.toThrow(/es256, es384, ed25519/);
  const remote = { SIGNER_URL: 'http://kms.example/', SIGNER_TOKEN: 't', SIGNER_KEY_ID: 'k', SIGNER_CHAIN_FILE: 'c' };
  await expect(keysRotate({}, terminal('en', remote).context)).rejects.toThrow(/the signing service holds the key/);
  expect(await listed()).toEqual(before);
});

it('signs with a certificate of another authority from then on', async () => {
  const { signer, rootPem } = await createDevelopmentPki({ organisation: 'Another' });
  const [chain, key, stranger] = ['chain.pem', 'key.pem', 'stranger.pem'].map((name) => join(dir, name));
  writeFileSync(chain!, signer.certificateChainPem + rootPem);
  writeFileSync(key!, signer.privateKeyPkcs8Pem);
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  writeFileSync(stranger!, other.export({ type: 'pkcs8', format: 'pem' }));
  const { context, lines } = terminal();
  await expect(keysImport(chain!, stranger!, context)).rejects.toMatchObject({ code: 'credentials_key_invalid' });
  await keysImport(chain!, key!, context);
  expect(lines.at(-1)).toBe(`The key is sealed in the keyring now. Delete ${key}.`);
  const { credentials } = await openKeys(join(dir, 'keys'));
  expect(credentials.signers[0]).toMatchObject(signer);
  await expect(keysRotate({}, context)).rejects.toMatchObject({ code: 'signer_not_issued_here' });
  await keysRevoke('current', { compromisedAt: '2026-11-01' }, context);
  expect(lines).toContain('No certificate signs now: clips are held until there is a new one.');
});
