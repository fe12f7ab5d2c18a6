import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TimeStamper } from '#engines/credentials';
import type { Clock } from '#kernel';
import { NoteSigner, parseWitnessPolicy, type WitnessPolicy } from '#engines/tlog';
import type { Config } from '#platform/config';
import type { Database } from '#platform/database';
import { safeFetch } from '#platform/http';
import type { Keyring } from '#platform/keys';
import { assertLogWhole } from './boot.js';
import { HighWater } from './high-water.js';
import { TransparencyLog } from './log.js';
import { LogReader } from './reader.js';
import { Witnesses, type PostToWitness } from './witnesses.js';

/** What a process of the deployment has. */
export interface LogOwner {
  config: Pick<Config, 'LOG_ORIGIN' | 'LOG_WITNESSES' | 'dataDir'>;
  database: Database;
  keyring: Pick<Keyring, 'log'>;
  clock: Clock;
}

const WITNESS_MS = 10_000;
const ANSWER_BYTES = 100_000;

const postToWitness: PostToWitness = async (url, body) => {
  const answer = await safeFetch(url, {
    method: 'POST',
    body,
    timeoutMs: WITNESS_MS,
    maxBytes: ANSWER_BYTES,
    allowPrivate: true,
  });
  return { status: answer.status, body: answer.body.toString('utf8') };
};

function policyOf({ LOG_WITNESSES }: LogOwner['config']): WitnessPolicy {
  return parseWitnessPolicy(LOG_WITNESSES ? readFileSync(LOG_WITNESSES, 'utf8') : '');
}

function signerOf({ config, keyring }: LogOwner): NoteSigner {
  return NoteSigner.ed25519(config.LOG_ORIGIN, keyring.log.privateKeyPkcs8Pem);
}

/** Key by which anybody checks the log, in the form of C2SP signed-note: `name+hash+base64`. */
export function logVerifierKey(owner: Pick<LogOwner, 'config' | 'keyring'>): string {
  return signerOf(owner as LogOwner).verifierKey;
}

const highWaterOf = ({ dataDir }: LogOwner['config']) => new HighWater(join(dataDir, 'log', 'published.json'));

/** For processes that only read the log. @throws LogError when it is not the one that was published */
export async function assertLog(owner: LogOwner): Promise<void> {
  await assertLogWhole(
    owner.database,
    { origin: owner.config.LOG_ORIGIN, signer: signerOf(owner) },
    highWaterOf(owner.config),
  );
}

/** The published part of a deployment's log. @throws when the witnesses' file cannot be read */
export function openLogReader(owner: LogOwner): LogReader {
  const witnesses = policyOf(owner.config).witnesses.map(({ vkey }) => vkey);
  return new LogReader(owner.database, owner.config.LOG_ORIGIN, [logVerifierKey(owner), ...witnesses]);
}

/**
 * The log of a deployment, to write to. Call `check()` first.
 * @throws when the witnesses' file cannot be read
 */
export function openLog(
  owner: LogOwner,
  timeStamper: TimeStamper,
  alarm: (reason: string) => void,
): { log: TransparencyLog; reader: LogReader } {
  const { config, database, clock } = owner;
  const reader = openLogReader(owner);
  const log = new TransparencyLog({
    database,
    identity: { origin: config.LOG_ORIGIN, signer: signerOf(owner), clock },
    reader,
    witnesses: new Witnesses(policyOf(config), postToWitness, (name, reason) => alarm(`Witness ${name}: ${reason}`)),
    highWater: highWaterOf(config),
    timeStamper,
    alarm,
  });
  return { log, reader };
}
