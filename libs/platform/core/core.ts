import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, systemClock, type Clock } from '#kernel';
import type { TrustSettings } from '#engines/credentials';
import { loadConfig, type Config } from '#platform/config';
import { Database } from '#platform/database';
import { openKeys, SubjectKeys, type Keyring } from '#platform/keys';
import { QueueClient } from '#platform/queue';
import { createBlobStore, createScratch, type BlobStore, type ScratchSpace } from '#platform/storage';
import { createLogger, createMetrics, type Logger, type Metrics } from '#platform/telemetry';
import { LeafBook, trustOf } from './leaves.js';
import { readTrustLists } from './lists.js';

const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};

/** Name and version of this program, as it appears in reports and manifests. */
export const PRODUCT = { name: 'Imprimatur', version: manifest.version };

/** The libraries that open a file which is examined; versions are pinned exactly. */
const READERS = ['@contentauth/c2pa-wasm', 'node-av', 'pkijs'];

/** This program with the libraries that take part in an examination, as a report names them. */
export const TOOL = {
  ...PRODUCT,
  parts: READERS.map((name) => ({ name, version: manifest.dependencies[name] ?? 'unknown' })),
};

/** What every process of a deployment stands on. */
export interface Core {
  config: Config;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  database: Database;
  databaseUrl: string;
  keyring: Keyring;
  /** One key for each person whose biometrics are kept. */
  subjectKeys: SubjectKeys;
  queue: QueueClient;
  blobs: BlobStore;
  scratch: ScratchSpace;
  /** The certificates that this deployment signs and has signed with. */
  leaves: LeafBook;
  /** Whom the credentials reader believes, by what `leaves` knows now. */
  trust: () => TrustSettings;
  /** Ends connections; what was built on top must be closed before. */
  close(): Promise<void>;
}

function blobConfig(config: Config): Parameters<typeof createBlobStore>[0] {
  if (config.STORAGE === 'fs') return { kind: 'fs', dir: join(config.dataDir, 'blobs') };
  return {
    kind: 's3',
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    bucket: config.S3_BUCKET!,
    accessKeyId: config.S3_ACCESS_KEY_ID!,
    secretAccessKey: config.S3_SECRET_ACCESS_KEY!,
    forcePathStyle: true,
  };
}

/** Folder of the keys of a deployment. */
export function keysDir(config: Config): string {
  return join(config.dataDir, 'keys');
}

/**
 * Opens what a process of the deployment needs. The database must be migrated and the keys made before.
 * @param name of the process, for its log lines
 * @throws ConfigError, KeyError, and what the database throws
 */
export async function openCore(name: string, env: Record<string, string | undefined> = process.env): Promise<Core> {
  const config = loadConfig(env);
  const databaseUrl = config.DATABASE_URL;
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: start with npm start, which runs an embedded database.');
  const keyring = await openKeys(keysDir(config), config.IMPRIMATUR_MASTER_KEY);
  const database = new Database(databaseUrl);
  const queue = new QueueClient({ databaseUrl, redisUrl: config.REDIS_URL });
  const leaves = new LeafBook(keyring);
  const lists = readTrustLists(config);
  return {
    config,
    clock: systemClock,
    logger: createLogger({ level: config.LOG_LEVEL, name }),
    metrics: createMetrics({ process: true }),
    database,
    databaseUrl,
    keyring,
    // Touches no file before the first key is asked for.
    subjectKeys: new SubjectKeys(join(keysDir(config), 'subjects'), keyring.sealer),
    queue,
    blobs: createBlobStore(blobConfig(config)),
    scratch: createScratch(join(config.dataDir, 'scratch')),
    leaves,
    trust: () => trustOf(leaves, lists),
    close: async () => {
      await queue.close();
      await database.$disconnect();
    },
  };
}
