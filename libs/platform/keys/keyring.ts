import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '#kernel';
import { createDevelopmentPki } from '#engines/credentials';
import { z } from 'zod';
import { KeyError, Sealer } from './sealing.js';

const CertificateAndKey = z.object({ certificateChainPem: z.string(), privateKeyPkcs8Pem: z.string() });

const Contents = z.object({
  version: z.literal(1),
  createdAt: z.string(),
  /** Newest first: the first one marks, all of them are tried when reading. */
  watermark: z
    .array(z.object({ id: z.string(), key: z.string().regex(/^[0-9a-f]{64}$/), createdAt: z.string() }))
    .min(1),
  credentials: z.object({
    /** True for the chain that the first start makes: trusted by nobody else. */
    development: z.boolean(),
    rootPem: z.string(),
    tsaRootPem: z.string().optional(),
    signer: CertificateAndKey,
    tsa: CertificateAndKey,
  }),
  /** Ed25519 keys, PKCS #8 PEM. The log's is apart from the one that signs claims. */
  log: z.object({ privateKeyPkcs8Pem: z.string() }),
  report: z.object({ privateKeyPkcs8Pem: z.string() }),
});

/** Keys that a keyring of an earlier version lacks. */
function laterKeys(): Pick<z.infer<typeof Contents>, 'log' | 'report'> {
  const made = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { log: { privateKeyPkcs8Pem: made() }, report: { privateKeyPkcs8Pem: made() } };
}

/** The secrets of a deployment, opened. Never log any of it. */
export type Keyring = z.infer<typeof Contents> & {
  /** Seals what the database keeps. */
  sealer: Sealer;
};

async function writeSecret(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

async function masterKey(dir: string, given: string | undefined, create: boolean): Promise<Buffer> {
  if (given) return Buffer.from(given, 'hex');
  const path = join(dir, 'master.key');
  if (!existsSync(path)) {
    if (!create)
      throw new KeyError(
        'keys_missing',
        'There is no master key. Run `npx imprimatur keys init` or start once with npm start.',
      );
    // A keyring without its master key is lost; making a new master key would hide that.
    if (existsSync(join(dir, 'keyring.sealed'))) {
      throw new KeyError(
        'master_key_missing',
        'The keyring is there but its master key is not. Restore the master key.',
      );
    }
    await writeSecret(path, randomBytes(32).toString('hex'));
  }
  return Buffer.from((await readFile(path, 'utf8')).trim(), 'hex');
}

const unusable = (cause: unknown) =>
  cause instanceof KeyError
    ? cause
    : new KeyError('keyring_invalid', `The keyring cannot be read: ${messageOf(cause).slice(0, 200)}`);

/** Adds to a keyring what later versions of this program need. @throws KeyError when it cannot be opened */
async function upgradeKeys(dir: string, givenMasterKey?: string): Promise<void> {
  const path = join(dir, 'keyring.sealed');
  const sealer = new Sealer(await masterKey(dir, givenMasterKey, false));
  try {
    const contents = JSON.parse(sealer.open(await readFile(path, 'utf8'), 'keyring').toString('utf8')) as object;
    if ('log' in contents && 'report' in contents) return;
    await writeSecret(path, sealer.seal(JSON.stringify({ ...laterKeys(), ...contents }), 'keyring'));
  } catch (cause) {
    throw unusable(cause);
  }
}

/**
 * Makes the keys of a deployment if there are none yet, and those that an older keyring lacks.
 * @returns true when the keyring was made now
 * @throws KeyError when the keyring that is there cannot be opened
 */
export async function createKeys(dir: string, givenMasterKey?: string): Promise<boolean> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, 'keyring.sealed');
  if (existsSync(path)) {
    await upgradeKeys(dir, givenMasterKey);
    return false;
  }
  const sealer = new Sealer(await masterKey(dir, givenMasterKey, true));
  const now = new Date().toISOString();
  const pki = await createDevelopmentPki();
  const contents: z.infer<typeof Contents> = {
    version: 1,
    createdAt: now,
    watermark: [{ id: randomBytes(4).toString('hex'), key: randomBytes(32).toString('hex'), createdAt: now }],
    credentials: { development: true, ...pki },
    ...laterKeys(),
  };
  await writeSecret(path, sealer.seal(JSON.stringify(contents), 'keyring'));
  return true;
}

/**
 * Opens the keys of a deployment.
 * @throws KeyError when they are missing or the master key does not fit
 */
export async function openKeys(dir: string, givenMasterKey?: string): Promise<Keyring> {
  const path = join(dir, 'keyring.sealed');
  if (!existsSync(path))
    throw new KeyError(
      'keys_missing',
      'There are no keys yet. Run `npx imprimatur keys init` or start once with npm start.',
    );
  const sealer = new Sealer(await masterKey(dir, givenMasterKey, false));
  try {
    const contents = Contents.parse(JSON.parse(sealer.open(await readFile(path, 'utf8'), 'keyring').toString('utf8')));
    return { ...contents, sealer };
  } catch (cause) {
    throw unusable(cause);
  }
}
