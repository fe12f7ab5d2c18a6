import { fromBase64, fromDecimal, toBase64 } from './encoding.js';
import { TlogError } from './errors.js';
import { checkCount, checkHash, EMPTY_ROOT, sameHash } from './hash.js';
import { isKeyName, type NoteVerifier } from './keys.js';
import { openNote, type VerifiedSignature } from './note.js';

/** The head of a log's tree (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** Which log, e.g. `log.example.org/releases`. */
  origin: string;
  /** Leaves. */
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
}

function fault(message: string): never {
  throw new TlogError('tlog_checkpoint_invalid', message);
}

function checkEmpty({ size, root }: Checkpoint): void {
  if (size === 0 && !sameHash(root, EMPTY_ROOT)) fault('The root of the empty tree is the hash of nothing.');
}

/**
 * The text that the log signs: origin, size, root, each with a newline, and no extension lines. Throws TlogError
 * `tlog_checkpoint_invalid`; origins with spaces or plus signs are refused, so that they can name the key too.
 */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root } = checkpoint;
  if (!isKeyName(origin)) fault('The origin of a log must be non-empty, without spaces and plus signs.');
  checkCount(size, 0, 'tlog_checkpoint_invalid');
  checkHash(root, 'tlog_checkpoint_invalid');
  checkEmpty(checkpoint);
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * Reads the text of an opened note as a checkpoint; extension lines are passed over. Throws TlogError
 * `tlog_checkpoint_invalid` for empty lines, other spellings of size and root, and an empty tree with another root.
 */
export function parseCheckpoint(text: string): Checkpoint & { root: Uint8Array<ArrayBuffer> } {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length < 3 || lines.includes('')) fault('The note is no checkpoint of a log.');
  const [origin, sizeLine, rootLine] = lines as [string, string, string];
  const size = fromDecimal(sizeLine) ?? fault('The checkpoint has a size that cannot be.');
  const root = fromBase64(rootLine);
  if (root?.length !== 32) fault('The checkpoint has a root that is no hash of 32 bytes in base64.');
  checkEmpty({ origin, size, root });
  return { origin, size, root };
}

/** A checkpoint that the log itself signed. */
export interface OpenedCheckpoint extends Checkpoint {
  root: Uint8Array<ArrayBuffer>;
  text: string;
  /** Cosignatures that fit, one for each known witness key. */
  witnesses: (VerifiedSignature & { time: number })[];
}

/**
 * Opens a signed checkpoint of one log. The log's own key must have signed: a known Ed25519 key (type 0x01) whose name is
 * the origin. Throws as `openNote` does, `tlog_note_unverified` when only others signed, and
 * `tlog_checkpoint_invalid` for a checkpoint that cannot be or is another log's.
 */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[], origin: string): OpenedCheckpoint {
  const { text, verified } = openNote(note, verifiers);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== origin) fault('The checkpoint is one of another log; give its own origin and keys.');
  if (!verified.some(({ type, name }) => type === 'ed25519' && name === origin)) {
    throw new TlogError('tlog_note_unverified', 'The log itself did not sign the checkpoint; do not rely on it.');
  }
  const witnesses = verified.flatMap((one) => (one.time === undefined ? [] : [{ ...one, time: one.time }]));
  return { ...checkpoint, text, witnesses };
}
