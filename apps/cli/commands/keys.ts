import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SignatureAlgorithm } from '#engines/credentials';
import { loadConfig, type Config } from '#platform/config';
import type { KeyringPlace, Rotation, SignerRecord } from '#platform/keys';
import { CliError, EXIT, type Context } from '../context.js';
import { inputFile } from '../local.js';
import { table } from '../show/signals.js';

const ALGORITHMS = ['es256', 'es384', 'ed25519'] as const satisfies readonly SignatureAlgorithm[];

const keysRoom = () => import('#platform/keys');

async function placeOf(env: Context['env']): Promise<{ config: Config; place: KeyringPlace }> {
  const { keysDir } = await import('#platform/core');
  const config = loadConfig(env);
  return { config, place: { dir: keysDir(config), masterKey: config.IMPRIMATUR_MASTER_KEY } };
}

/** `imprimatur keys init`: makes the keys of this machine's deployment. Existing ones are never touched. */
export async function keysInit({ env, words, out }: Context): Promise<number> {
  const [{ place }, { createKeys }] = await Promise.all([placeOf(env), keysRoom()]);
  if (await createKeys(place.dir, place.masterKey)) {
    out(words.keys.made(place.dir));
    out(words.keys.backup);
    out(words.keys.development);
  } else out(words.keys.there(place.dir));
  return EXIT.done;
}

/** What may be shown of a signer: nothing secret. */
function shown(signer: SignerRecord) {
  const leaf = new X509Certificate(signer.certificateChainPem);
  const { sha256, addedAt, retiredAt, revokedAt, compromisedAt } = signer;
  const state: 'revoked' | 'retired' | 'signs' = revokedAt ? 'revoked' : retiredAt ? 'retired' : 'signs';
  const [notBefore, notAfter] = [leaf.validFrom, leaf.validTo].map((time) => new Date(time).toISOString());
  const subject = leaf.subject.split('\n').join(', ');
  return {
    sha256,
    state,
    subject,
    notBefore: notBefore!,
    notAfter: notAfter!,
    addedAt,
    retiredAt,
    revokedAt,
    compromisedAt,
  };
}

const lastDay = (signer: SignerRecord) => shown(signer).notAfter.slice(0, 10);
const minute = (iso: string | null) => iso?.slice(0, 16).replace('T', ' ') ?? '–';

/** `imprimatur keys list`: the certificates that this deployment signs and has signed with, newest first. */
export async function keysList(options: { json?: boolean }, { env, words, out }: Context): Promise<number> {
  const [{ place }, { openKeys }] = await Promise.all([placeOf(env), keysRoom()]);
  const signers = (await openKeys(place.dir, place.masterKey)).credentials.signers.map(shown);
  if (options.json) {
    out(JSON.stringify(signers, null, 2));
    return EXIT.done;
  }
  const { columns, states } = words.keys;
  const rows = signers.map((one) => [
    one.sha256.slice(0, 16),
    states[one.state],
    minute(one.addedAt),
    minute(one.notAfter),
    minute(one.retiredAt),
    minute(one.compromisedAt),
  ]);
  const head = [columns.certificate, columns.state, columns.added, columns.ends, columns.retired, columns.compromised];
  out(table(head, rows, [18, 12, 18, 18, 18, 18]));
  return EXIT.done;
}

function tellRotation({ added, retired }: Rotation, { words, out }: Context): void {
  out(words.keys.added(added.sha256, lastDay(added)));
  if (retired) out(words.keys.retired(retired.sha256));
}

/** `imprimatur keys rotate`: a new signing certificate of this deployment's own authority. */
export async function keysRotate(options: { algorithm?: string; own?: boolean }, context: Context): Promise<number> {
  const { env, words, out } = context;
  const algorithm = ALGORITHMS.find((one) => one === (options.algorithm ?? 'es256'));
  if (!algorithm) {
    throw new CliError('bad_choice', words.faults.badChoice(options.algorithm!, ALGORITHMS.join(', ')));
  }
  const [{ config, place }, { rotateSigner }] = await Promise.all([placeOf(env), keysRoom()]);
  if (config.SIGNER_URL) throw new CliError('remote_signer', words.faults.remoteSigner);
  tellRotation(await rotateSigner(place, new Date(), { algorithm, own: options.own }), context);
  out(words.keys.takenUp);
  return EXIT.done;
}

/** `imprimatur keys revoke`: disowns what a certificate signed from a time on; the one that signs is rotated first. */
export async function keysRevoke(which: string, options: { compromisedAt: string }, context: Context): Promise<number> {
  const { env, words, out } = context;
  const compromisedAt = new Date(options.compromisedAt);
  if (Number.isNaN(compromisedAt.getTime()) || !/^\d{4}-\d\d-\d\d/.test(options.compromisedAt)) {
    throw new CliError('bad_time', words.faults.badTime(options.compromisedAt));
  }
  const [{ place }, { currentSigner, openKeys, revokeSigner }] = await Promise.all([placeOf(env), keysRoom()]);
  const { revoked, rotation } = await revokeSigner(place, which.toLowerCase(), compromisedAt, new Date());
  if (rotation) tellRotation(rotation, context);
  out(words.keys.revoked(revoked.sha256, revoked.compromisedAt!));
  if (!currentSigner(await openKeys(place.dir, place.masterKey))) out(words.keys.nobodySigns);
  out(words.keys.takenUp);
  return EXIT.done;
}

/** `imprimatur keys import`: signs with a certificate of another authority; its key is sealed in the keyring. */
export async function keysImport(chainFile: string, keyFile: string, context: Context): Promise<number> {
  const { env, words, out } = context;
  const [chain, key] = await Promise.all(
    [chainFile, keyFile].map((path) => readFile(inputFile(path, context), 'utf8')),
  );
  const [{ config, place }, { adoptSigner, currentSigner, openKeys }] = await Promise.all([placeOf(env), keysRoom()]);
  if (config.SIGNER_URL) throw new CliError('remote_signer', words.faults.remoteSigner);
  const changed = await adoptSigner(place, chain!, key!, new Date());
  const signer = currentSigner(await openKeys(place.dir, place.masterKey))!;
  out(changed ? words.keys.added(signer.sha256, lastDay(signer)) : words.keys.signsAlready(signer.sha256));
  out(words.keys.takenUp);
  out(words.keys.deleteKeyFile(keyFile));
  return EXIT.done;
}
