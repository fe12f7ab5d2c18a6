import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import type { LogLeaf } from '#contracts';
import { systemClock } from '#kernel';
import {
  commit,
  logVerifierKey,
  openLog,
  openLogReader,
  promiseLeaf,
  type TransparencyLog,
} from '#domain/transparency';
import { leafHash, openNote, parseCheckpoint, parseVerifierKey, verifyProof } from '#engines/tlog';
import { localTimeStamper } from '#engines/credentials';
import { loadConfig } from '#platform/config';
import { Database } from '#platform/database';
import type { Keyring } from '#platform/keys';
import { serveWitness, TestWitness } from '../../libs/engines/tlog/testing/witness.js';
import { freshDatabase } from '../support/fresh-database.js';

const pem = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const silent = { stamp: () => Promise.reject(new Error('no authority')) };

/** A log of its own on a database of its own. */
class LogHarness {
  readonly keyring: Pick<Keyring, 'log'> = { log: { privateKeyPkcs8Pem: pem() } };
  readonly alarms: string[] = [];
  private constructor(
    readonly database: Database,
    readonly dir: string,
    readonly url: string,
  ) {}

  static async open(): Promise<LogHarness> {
    const url = await freshDatabase();
    return new LogHarness(new Database(url, 4), await mkdtemp(join(tmpdir(), 'imprimatur-log-')), url);
  }

  owner(given: { dir?: string; witnesses?: string; origin?: string; database?: Database } = {}) {
    const env = {
      IMPRIMATUR_DATA_DIR: given.dir ?? this.dir,
      ...(given.witnesses && { LOG_WITNESSES: given.witnesses }),
      ...(given.origin && { LOG_ORIGIN: given.origin }),
    };
    const database = given.database ?? this.database;
    return { config: loadConfig(env), database, keyring: this.keyring, clock: systemClock };
  }

  log(given: Parameters<LogHarness['owner']>[0] = {}): TransparencyLog {
    return openLog(this.owner(given), silent, (reason) => this.alarms.push(reason)).log;
  }

  /** Promises leaves of reports; their hashes tell them apart. */
  async promise(...numbers: number[]): Promise<void> {
    await this.database.$transaction(async (tx) => {
      for (const i of numbers)
        await promiseLeaf(tx, { type: 'report', reportSha256: i.toString(16).padStart(64, '0') }, `report:${i}`);
    });
  }

  async close(): Promise<void> {
    await this.database.$disconnect();
    await rm(this.dir, { recursive: true, force: true });
  }
}

let at: LogHarness;
beforeEach(async () => {
  at = await LogHarness.open();
});
afterEach(() => at.close());

const size = async (h: LogHarness) => Number((await openLogReader(h.owner()).published())?.size ?? 0);

describe('the log on a database', () => {
  it('gives promised leaves their places once, in order, and proves each of them', async () => {
    const log = at.log();
    await at.promise(1, 2, 3);
    // Three processes at once.
    await Promise.all([log.advance(), at.log().advance(), at.log().advance()]);
    await at.promise(4);
    await log.advance();
    const rows = await at.database.logLeafRow.findMany({ orderBy: { idx: 'asc' } });
    const leaves = rows.map(({ entry }) => JSON.parse(Buffer.from(entry).toString()) as LogLeaf);
    expect(leaves.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    expect(await at.database.logPending.count()).toBe(0);
    const reader = openLogReader(at.owner());
    const key = logVerifierKey(at.owner());
    for (const { idx, entry } of rows) {
      const proofText = (await reader.proof(Number(idx)))!;
      const verifiers = [parseVerifierKey(key)];
      expect(
        verifyProof({ proofText, leafHash: leafHash(entry), verifiers, origin: 'imprimatur.localhost/releases' }),
      ).toMatchObject({ index: Number(idx), size: 4 });
    }
  });

  it('keeps a promise only if its transaction commits, and logs a key once however often it is promised', async () => {
    const failed = at.database.$transaction(async (tx) => {
      await promiseLeaf(tx, { type: 'report', reportSha256: 'a'.repeat(64) }, 'report:lost');
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await at.promise(1);
    await at.log().advance();
    await at.promise(1, 2); // the first is there already
    await at.log().advance();
    expect(await size(at)).toBe(2);
    expect(await at.database.logPending.count()).toBe(0);
  });

  it('is not held up by a leaf that cannot be an entry', async () => {
    await at.database.logPending.create({
      data: { dedupeKey: 'bad', leaf: { type: 'report', reportSha256: 'short' } },
    });
    await at.promise(1);
    await at.log().advance();
    expect(await size(at)).toBe(1);
    await at.log().advance();
    expect(at.alarms.filter((one) => one.startsWith('The leaf bad cannot be logged'))).toHaveLength(1);
    expect(await at.database.logPending.findFirst()).toMatchObject({
      dedupeKey: 'bad',
      failedAt: expect.any(Date) as Date,
    });
  });

  it('serves tiles and entries up to the published checkpoint and nothing else', async () => {
    await at.promise(...Array.from({ length: 300 }, (_, i) => i));
    await at.log().advance();
    const reader = openLogReader(at.owner());
    expect((await reader.tile('tile/0/000'))?.length).toBe(256 * 32);
    expect((await reader.tile('tile/0/001.p/44'))?.length).toBe(44 * 32);
    expect((await reader.tile('tile/0/001.p/7'))?.length).toBe(7 * 32);
    expect((await reader.tile('tile/1/000.p/1'))?.length).toBe(32);
    expect(await reader.tile('tile/entries/001.p/44')).not.toBeNull();
    for (const path of [
      'tile/0/001.p/45',
      'tile/0/001',
      'tile/1/000',
      'tile/2/000.p/1',
      'tile/0/1',
      'tile/../x',
      'checkpoint',
    ])
      expect(await reader.tile(path)).toBeNull();
    expect(await reader.proof(300)).toBeNull();
  });

  it('can be rewritten by nobody: the database refuses', async () => {
    await at.promise(1, 2);
    await at.log().advance();
    const sql = at.database;
    for (const change of [
      sql.$executeRaw`UPDATE log_leaves SET entry = ''`,
      sql.$executeRaw`DELETE FROM log_leaves`,
      sql.$executeRaw`TRUNCATE log_leaves`,
      sql.$executeRaw`UPDATE log_checkpoints SET root = ''`,
      sql.$executeRaw`UPDATE log_checkpoints SET published_at = now()`,
      sql.$executeRaw`DELETE FROM log_checkpoints`,
    ])
      await expect(change).rejects.toThrow(/append-only/);
    const gap = sql.logLeafRow.create({
      data: { idx: 7n, entry: Buffer.of(1), leafHash: Buffer.of(1), dedupeKey: 'gap', at: new Date() },
    });
    await expect(gap).rejects.toThrow(/out of order/);
  });

  it('erases what a commitment stood for with its salt', async () => {
    const one = await at.database.$transaction((tx) => commit(tx, 'decision:1', 'clip', 'vid_1'));
    const again = await at.database.$transaction((tx) => commit(tx, 'decision:2', 'clip', 'vid_1'));
    expect(one.commit).not.toBe(again.commit);
    expect(await at.database.logSalt.deleteMany({ where: { dedupeKey: 'decision:1' } })).toEqual({ count: 1 });
  });
});

describe('a log that is not what it was', () => {
  const grow = async () => {
    await at.promise(1, 2, 3);
    await at.log().advance();
  };
  /** Changes tables that nobody may change, as somebody with the rights of the owner could. */
  const tamper = async (sql: string) => {
    await at.database.$executeRawUnsafe('ALTER TABLE log_leaves DISABLE TRIGGER ALL');
    await at.database.$executeRawUnsafe('ALTER TABLE log_checkpoints DISABLE TRIGGER ALL');
    await at.database.$executeRawUnsafe(sql);
  };

  it('goes on after a crash between append and publish', async () => {
    await grow();
    await at.promise(4);
    const blocked = join(at.dir, 'witnesses.yaml');
    // A witness that is needed and not there: appended and signed, never shown.
    const vkey = new TestWitness('w.example', []).verifierKey;
    await writeFile(
      blocked,
      JSON.stringify({ quorum: 1, witnesses: [{ name: 'w.example', vkey, url: 'http://127.0.0.1:9' }] }),
    );
    await expect(at.log({ witnesses: blocked }).advance()).rejects.toMatchObject({ code: 'log_not_witnessed' });
    expect(await size(at)).toBe(3);
    const next = at.log();
    await next.check();
    await next.advance();
    expect(await size(at)).toBe(4);
  });

  it('refuses to start when it was put back to an earlier day', async () => {
    await grow();
    const earlier = `${at.url}_earlier`;
    const name = new URL(earlier).pathname.slice(1);
    await at.database.$disconnect();
    const admin = new Database(process.env.TEST_ADMIN_URL!, 1);
    await admin.$executeRawUnsafe(`CREATE DATABASE ${name} TEMPLATE ${new URL(at.url).pathname.slice(1)}`);
    await admin.$disconnect();
    await at.promise(4);
    await at.log().advance();
    const restored = new Database(earlier, 2);
    try {
      const log = at.log({ database: restored });
      await expect(log.check()).rejects.toMatchObject({ code: 'log_rolled_back' });
      await expect(at.log({ database: restored, dir: join(at.dir, 'elsewhere') }).check()).resolves.toBeUndefined();
      // And signs nothing that is shorter than what was shown.
      await restored.$transaction((tx) =>
        promiseLeaf(tx, { type: 'report', reportSha256: 'f'.repeat(64) }, 'report:f'),
      );
      await expect(log.advance()).rejects.toMatchObject({ code: 'log_altered' });
      expect(await restored.logCheckpoint.count({ where: { size: 4n, publishedAt: { not: null } } })).toBe(0);
      await expect(log.check()).rejects.toMatchObject({ code: 'log_altered' });
    } finally {
      await restored.$disconnect();
    }
  });

  it('refuses to start with altered hashes, a lost entry, another key or another name', async () => {
    await grow();
    await expect(at.log({ origin: 'other.example/log' }).check()).rejects.toMatchObject({ code: 'log_origin_changed' });
    const { privateKeyPkcs8Pem } = at.keyring.log;
    at.keyring.log.privateKeyPkcs8Pem = pem();
    await expect(at.log().check()).rejects.toMatchObject({ code: 'log_key_changed' });
    at.keyring.log.privateKeyPkcs8Pem = privateKeyPkcs8Pem;
    await expect(at.log().check()).resolves.toBeUndefined();
    await tamper(`UPDATE log_leaves SET leaf_hash = sha256('x') WHERE idx = 1`);
    await expect(at.log().check()).rejects.toMatchObject({ code: 'log_altered' });
    await at.promise(9);
    await expect(at.log().advance()).rejects.toMatchObject({ code: 'log_altered' });
    await tamper('DELETE FROM log_leaves WHERE idx = 2');
    await expect(at.log().check()).rejects.toMatchObject({
      code: expect.stringMatching(/^log_(altered|tile_missing)$/) as string,
    });
  });
});

describe('witnesses', () => {
  it('sign each checkpoint, and catch a fork', async () => {
    const key = logVerifierKey(at.owner());
    const witness = new TestWitness('w.example', [parseVerifierKey(key)]);
    const { url, close } = await serveWitness(witness);
    try {
      const witnesses = join(at.dir, 'witnesses.yaml');
      await writeFile(
        witnesses,
        JSON.stringify({ quorum: 1, witnesses: [{ name: 'w.example', vkey: witness.verifierKey, url }] }),
      );
      const log = at.log({ witnesses });
      for (let i = 0; i < 3; i++) {
        await at.promise(i);
        await log.advance();
      }
      const note = (await openLogReader(at.owner()).checkpoint())!;
      const { verified, text } = openNote(note, [parseVerifierKey(witness.verifierKey)]);
      expect(verified).toMatchObject([{ name: 'w.example', type: 'cosignature', time: expect.any(Number) as number }]);
      expect(parseCheckpoint(text).size).toBe(3);
      // The same key signs another history on another database: the witness does not follow.
      const fork = await LogHarness.open();
      try {
        fork.keyring.log = at.keyring.log;
        await fork.promise(7, 8, 9, 10);
        await expect(fork.log({ witnesses }).advance()).rejects.toMatchObject({ code: 'log_not_witnessed' });
        expect(fork.alarms.join()).toMatch(/w\.example: refused the checkpoint of 4 entries/);
        expect(await size(fork)).toBe(0);
      } finally {
        await fork.close();
      }
    } finally {
      await close();
    }
  });

  it('stamps a checkpoint a day', async () => {
    const { createDevelopmentPki } = await import('#engines/credentials');
    const { tsa } = await createDevelopmentPki();
    const { log } = openLog(at.owner(), localTimeStamper(tsa), (reason) => at.alarms.push(reason));
    for (let i = 0; i < 3; i++) {
      await at.promise(i);
      await log.advance();
    }
    const stamped = await at.database.logCheckpoint.count({ where: { timeStamp: { not: null } } });
    expect({ stamped, alarms: at.alarms }).toEqual({ stamped: 1, alarms: [] });
  });
});
