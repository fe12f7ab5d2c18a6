import type { TimeStamper } from '#engines/credentials';
import { messageOf } from '#kernel';
import { treeRoot } from '#engines/tlog';
import type { Database, Transaction } from '#platform/database';
import { assertLogWhole } from './boot.js';
import { LogError } from './errors.js';
import type { Head, HighWater } from './high-water.js';
import type { LogReader } from './reader.js';
import { appendPending, type LogIdentity } from './sequencer.js';
import { lockLog, newestCheckpoint, tilesOf } from './tree.js';
import type { Witnesses } from './witnesses.js';

const DAY_MS = 86_400_000;

/** What the log is made of. */
export interface LogParts {
  database: Database;
  identity: LogIdentity;
  reader: LogReader;
  witnesses: Witnesses;
  highWater: HighWater;
  timeStamper: TimeStamper;
  /** Hears of what people must look at. */
  alarm: (reason: string) => void;
}

/** A database that was put back under a living process must not publish another history. @throws LogError */
async function assertContinues(tx: Transaction, known: Head | null, size: number): Promise<void> {
  if (!known) return;
  const now = Number((await newestCheckpoint(tx))?.size ?? 0);
  if (now < known.size)
    throw new LogError('log_rolled_back', `The log was published with ${known.size} entries and now has ${now}.`);
  const root = Buffer.from(await treeRoot(known.size, tilesOf(tx))).toString('hex');
  if (known.size <= size && root !== known.root)
    throw new LogError(
      'log_altered',
      `The first ${known.size} entries of the log are not the ones that were published.`,
    );
}

/** The public log: gives promised leaves their places and publishes checkpoints. Several processes may do so at once. */
export class TransparencyLog {
  private running: Promise<void> | null = null;
  private again: Promise<void> | null = null;

  constructor(private readonly parts: LogParts) {}

  /** To be called before anything else. @throws LogError when the stored log is not the one that was published */
  async check(): Promise<void> {
    await assertLogWhole(this.parts.database, this.parts.identity, this.parts.highWater);
  }

  /**
   * Appends what is promised and publishes. Calls that come while it runs share the next run.
   * @throws LogError `log_not_witnessed`, `log_altered`, `log_rolled_back`
   */
  advance(): Promise<void> {
    if (!this.running) return (this.running = this.once().finally(() => (this.running = null)));
    return (this.again ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.again = null;
        return this.advance();
      }));
  }

  /** Place of a promised leaf in a published checkpoint, which is made now if need be; `null` when it is not there yet. */
  async settle(dedupeKey: string): Promise<number | null> {
    const { reader } = this.parts;
    const index = await reader.indexOf(dedupeKey);
    if (index !== null) return index;
    try {
      await this.advance();
    } catch (e) {
      // Another process may have published it meanwhile.
      const published = await reader.indexOf(dedupeKey);
      if (published === null) throw e;
      return published;
    }
    return reader.indexOf(dedupeKey);
  }

  private async once(): Promise<void> {
    const { database, identity, alarm } = this.parts;
    if ((await database.logPending.count({ where: { failedAt: null } })) > 0) {
      await appendPending(database, identity, (key, reason) => alarm(`The leaf ${key} cannot be logged: ${reason}`));
    }
    await this.publish();
  }

  /** Shows the newest checkpoint to the world, once its witnesses signed it. */
  private async publish(): Promise<void> {
    const { database, identity, reader, witnesses, highWater } = this.parts;
    const newest = await newestCheckpoint(database);
    if (!newest || newest.publishedAt) return;
    const before = await reader.published();
    const size = Number(newest.size);
    const cosigned = await witnesses.sign(newest.note, size, Number(before?.size ?? 0), {
      readTile: tilesOf(database),
      sizeNow: async () => Number((await newestCheckpoint(database))?.size ?? 0),
    });
    const published = await database.$transaction(async (tx) => {
      await lockLog(tx);
      const known = await highWater.read();
      await assertContinues(tx, known, size);
      await highWater.raise({ size, root: Buffer.from(newest.root).toString('hex') });
      const { count } = await tx.logCheckpoint.updateMany({
        where: { size: newest.size, publishedAt: null },
        data: { cosigned, publishedAt: identity.clock.now() },
      });
      return count > 0;
    });
    if (published) await this.stampDaily(newest.size, cosigned);
  }

  /** Independent evidence of time, once a day (RFC 3161). Without it the log goes on. */
  private async stampDaily(size: bigint, note: string): Promise<void> {
    const { database, identity, timeStamper, alarm } = this.parts;
    const since = new Date(identity.clock.now().getTime() - DAY_MS);
    const stamped = await database.logCheckpoint.count({
      where: { timeStamp: { not: null }, createdAt: { gt: since } },
    });
    if (stamped) return;
    try {
      const token = await timeStamper.stamp(Buffer.from(note));
      await database.logCheckpoint.updateMany({
        where: { size, timeStamp: null },
        data: { timeStamp: Buffer.from(token) },
      });
    } catch (e) {
      alarm(`The checkpoint of ${size} entries could not be time-stamped: ${messageOf(e)}`);
    }
  }
}
