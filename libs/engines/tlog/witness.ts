import { fromBase64, fromDecimal, toBase64 } from './encoding.js';
import { TlogError } from './errors.js';
import { checkCount, checkHash } from './hash.js';
import { type NoteVerifier } from './keys.js';
import { addSignatures, checkNote } from './note.js';

/** Most hashes that a witness is sent (c2sp.org/tlog-witness). */
const MAX_HASHES = 63;
/** Characters of a refusal that are kept. */
const MAX_MESSAGE = 200;

/** What a witness is asked to cosign. */
export interface AddCheckpoint {
  /** Size of the last checkpoint that the witness cosigned; 0: none, or not known. */
  old: number;
  /** Consistency proof from `old` to the checkpoint; empty from 0. Hashes of 32 bytes. */
  proof: readonly Uint8Array[];
  /** The checkpoint, signed by the log. */
  note: string;
}

function fault(message: string): never {
  throw new TlogError('tlog_argument_invalid', message);
}

/** Body of POST `<witness>/add-checkpoint` (c2sp.org/tlog-witness). Throws TlogError `tlog_argument_invalid`. */
export function addCheckpointBody({ old, proof, note }: AddCheckpoint): string {
  checkCount(old, 0);
  for (const hash of proof) checkHash(hash);
  if (proof.length > MAX_HASHES) fault('A witness takes a consistency proof of at most 63 hashes.');
  if (old === 0 && proof.length > 0) fault('A consistency proof from nothing is empty.');
  return [`old ${old}`, ...proof.map(toBase64), '', note].join('\n');
}

/** Reads the body of an add-checkpoint request; null when it is malformed. The note is not opened. */
export function parseAddCheckpoint(body: string): AddCheckpoint | null {
  const end = body.indexOf('\n\n');
  const [first = '', ...lines] = body.slice(0, Math.max(end, 0)).split('\n');
  const old = first.startsWith('old ') ? fromDecimal(first.slice('old '.length)) : null;
  const proof = lines.map(fromBase64).filter((hash) => hash?.length === 32) as Uint8Array[];
  if (old === null || proof.length !== lines.length || proof.length > MAX_HASHES) return null;
  return { old, proof, note: body.slice(end + 2) };
}

/** What a witness answered. */
export type WitnessAnswer =
  /** Signature lines, without newlines, that fit the checkpoint; add them with `addSignatures`. */
  | { kind: 'signed'; lines: string[] }
  /** It cosigned a tree of this size last: prove from there, once. Above the size of this log: the log was rolled back. */
  | { kind: 'conflict'; size: number }
  /** It will not cosign. 403, 404 and 422, and 409 here, call for a person: the witness doubts this log. */
  | { kind: 'refused'; status: number; message: string };

/**
 * Reads the answer to an add-checkpoint request. Lines by other keys are ignored; none by the witness's own, or a wrong
 * one, is a refusal. So is a conflict over the size that was just proved from: the witness knows another tree of that size.
 */
export function readWitnessAnswer(
  status: number,
  body: string,
  asked: {
    /** The note that was sent. */
    note: string;
    /** The size that was proved from. */
    old: number;
    /** Keys of the witness that was asked. */
    verifiers: readonly NoteVerifier[];
  },
): WitnessAnswer {
  const refused = (message: string): WitnessAnswer => ({
    kind: 'refused',
    status,
    message: message.slice(0, MAX_MESSAGE),
  });
  if (status === 200) {
    const lines = ownLines(body, asked.note, asked.verifiers);
    return lines?.length
      ? { kind: 'signed', lines }
      : refused('The answer holds no signature by the witness that fits.');
  }
  const size = status === 409 ? fromDecimal(body.replace(/\n$/, '')) : null;
  if (size !== null && size !== asked.old) return { kind: 'conflict', size };
  if (status === 409) return refused('The witness knows another tree of the same size.');
  // Words of a stranger that go to logs: on one line, without control characters.
  return refused(body.replace(/[\p{C}\s]+/gu, ' ').trim());
}

function ownLines(body: string, note: string, verifiers: readonly NoteVerifier[]): string[] | null {
  const lines = body.replace(/\n$/, '').split('\n');
  try {
    const { unverified } = checkNote(addSignatures(note, lines), verifiers);
    return lines.filter((line) => !unverified.includes(line));
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}
