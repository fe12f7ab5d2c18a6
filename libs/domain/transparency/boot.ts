import { openNote, parseCheckpoint, parseVerifierKey, treeRoot, type NoteVerifier } from '#engines/tlog';
import type { Database, Transaction } from '#platform/database';
import { LogError } from './errors.js';
import type { Head, HighWater } from './high-water.js';
import type { LogIdentity } from './sequencer.js';
import { lockLog, newestCheckpoint, tilesOf } from './tree.js';

const CHECK_MS = 60_000;

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/**
 * What must hold before a process goes on with the log: the stored tree is the one that was signed, with this key under
 * this name, and no shorter than what this machine published before.
 * @throws LogError `log_altered`, `log_rolled_back`, `log_key_changed` or `log_origin_changed`
 */
export async function assertLogWhole(
  database: Database,
  identity: Pick<LogIdentity, 'origin' | 'signer'>,
  highWater: HighWater,
): Promise<void> {
  const shown = await highWater.read();
  // Under the lock: another process may be appending.
  await database.$transaction(
    async (tx) => {
      await lockLog(tx);
      await assertTree(tx, identity, shown);
    },
    { timeout: CHECK_MS, maxWait: CHECK_MS },
  );
}

async function assertTree(
  database: Transaction,
  { origin, signer }: Pick<LogIdentity, 'origin' | 'signer'>,
  shown: Head | null,
): Promise<void> {
  const newest = await newestCheckpoint(database);
  const size = Number(newest?.size ?? 0);
  if (shown && size < shown.size) {
    throw new LogError(
      'log_rolled_back',
      `The log was published with ${shown.size} entries and now has ${size}: the database was put back to an earlier ` +
        'state. Restore the newer one; a log that forgets cannot be trusted.',
    );
  }
  if (!newest) return;
  const last = await database.logLeafRow.findFirst({ orderBy: { idx: 'desc' }, select: { idx: true } });
  const readTile = tilesOf(database);
  const root = hex(await treeRoot(size, readTile));
  if (Number(last?.idx ?? -1) + 1 !== size || root !== hex(newest.root))
    throw new LogError('log_altered', `The stored tree of ${size} entries is not the one that was signed.`);
  if (shown && hex(await treeRoot(shown.size, readTile)) !== shown.root) {
    throw new LogError(
      'log_altered',
      `The first ${shown.size} entries of the log are not the ones that were published from this machine.`,
    );
  }
  assertSigned(newest.note, { origin, signer }, size, root);
}

function assertSigned(
  note: string,
  { origin, signer }: Pick<LogIdentity, 'origin' | 'signer'>,
  size: number,
  root: string,
): void {
  const named = note.slice(0, note.indexOf('\n'));
  if (named !== origin) {
    throw new LogError(
      'log_origin_changed',
      `The log is called ${named}, but LOG_ORIGIN says ${origin}. The name of a log can never change.`,
    );
  }
  const signed = parseCheckpoint(textOf(note, origin, parseVerifierKey(signer.verifierKey)));
  if (signed.size !== size || hex(signed.root) !== root)
    throw new LogError('log_altered', `The signed note of ${size} entries names another tree.`);
}

function textOf(note: string, origin: string, key: NoteVerifier): string {
  try {
    return openNote(note, [key]).text;
  } catch (cause) {
    throw new LogError(
      'log_key_changed',
      `The checkpoints of ${origin} were signed with another key than the keyring's.`,
      cause,
    );
  }
}
