import { openCheckpoint, type OpenedCheckpoint } from './checkpoint.js';
import { fromBase64, fromDecimal, toBase64 } from './encoding.js';
import { TlogError } from './errors.js';
import { checkCount, checkHash } from './hash.js';
import { type NoteVerifier } from './keys.js';
import { verifyInclusion } from './merkle.js';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** No tree that can be counted is higher. */
const MAX_HASHES = 63;

function fault(message: string): never {
  throw new TlogError('tlog_proof_invalid', `${message} Ask for the proof again.`);
}

/** That an entry is in a log, to be checked without a network (c2sp.org/tlog-proof). */
export interface LogProof {
  /** Of the entry, from 0. */
  index: number;
  /** Hashes of 32 bytes, from the leaf's sibling upwards. */
  proof: Uint8Array[];
  /** The signed checkpoint, word for word, with its cosignatures. */
  checkpointNote: string;
}

/** Writes a proof as a `.tlog-proof` file. Throws TlogError `tlog_proof_invalid`. */
export function formatProof({ index, proof, checkpointNote }: LogProof): string {
  checkCount(index, 0, 'tlog_proof_invalid');
  for (const hash of proof) checkHash(hash, 'tlog_proof_invalid');
  if (proof.length > MAX_HASHES) fault('The proof has more than 63 hashes.');
  return [HEADER, `index ${index}`, ...proof.map(toBase64), '', checkpointNote].join('\n');
}

/**
 * Reads a `.tlog-proof` file without believing any of it. Extra data, which nobody signed, is passed over.
 * Throws TlogError `tlog_proof_invalid`.
 */
export function parseProof(text: string): LogProof {
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  if (header !== HEADER) fault('This is no proof of a log in a format that is known (c2sp.org/tlog-proof@v1).');
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()!.slice('extra '.length) : '';
  if (fromBase64(extra) === null) fault('The extra data is no base64.');
  const [, decimal = ''] = /^index (.*)$/.exec(lines.shift() ?? '') ?? [];
  const index = fromDecimal(decimal) ?? fault('The proof names no index.');
  if (lines.length > MAX_HASHES) fault('The proof has more than 63 hashes.');
  const proof = lines.map((line) => {
    const hash = fromBase64(line);
    return hash?.length === 32 ? hash : fault('A line of the proof is no hash of 32 bytes in base64.');
  });
  return { index, proof, checkpointNote: text.slice(end + 2) };
}

/** What a verified proof says. */
export interface VerifiedProof extends Pick<OpenedCheckpoint, 'size' | 'root' | 'witnesses'> {
  /** Of the entry, from 0. */
  index: number;
}

/**
 * Checks that an entry is in a log whose checkpoint the log itself signed. The caller decides whether the witnesses are
 * enough (`enoughWitnesses`). Throws TlogError `tlog_proof_invalid` (no proof), `tlog_inclusion_invalid` (the entry is
 * not shown to be there), and what `openCheckpoint` throws.
 */
export function verifyProof(claim: {
  proofText: string;
  /** Hash of the entry as the checker computed it from its bytes, 32 bytes. */
  leafHash: Uint8Array;
  /** Keys of the log and of witnesses. */
  verifiers: readonly NoteVerifier[];
  origin: string;
}): VerifiedProof {
  const { index, proof, checkpointNote } = parseProof(claim.proofText);
  const { size, root, witnesses } = openCheckpoint(checkpointNote, claim.verifiers, claim.origin);
  verifyInclusion({ index, size, leafHash: claim.leafHash, proof, root });
  return { index, size, root, witnesses };
}
