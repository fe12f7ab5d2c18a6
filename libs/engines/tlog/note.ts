import { fromBase64 } from './encoding.js';
import { TlogError } from './errors.js';
import { isKeyName, type NoteKeyType, type NoteSigner, type NoteVerifier } from './keys.js';

/** Most signature lines in a note that are read; c2sp.org/signed-note asks for 16 or more. */
const MAX_SIGNATURES = 100;
const TOO_MANY = `A note of more than ${MAX_SIGNATURES} signatures is not read.`;
/** Most characters of a note that are read. */
const MAX_NOTE_LENGTH = 1_000_000;

const KEY_ID_BYTES = 4;
// eslint-disable-next-line no-control-regex -- these are what a note must not hold
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u;

function fault(message: string): never {
  throw new TlogError('tlog_note_invalid', message);
}

function checkText(text: string): void {
  if (text.length > MAX_NOTE_LENGTH) fault('The note is longer than 1 000 000 characters.');
  if (FORBIDDEN.test(text)) fault('The note holds control characters or is no UTF-8.');
  if (!text.endsWith('\n')) fault('The text of a note must end in a newline.');
}

interface SignatureLine {
  line: string;
  name: string;
  /** 8 hex digits. */
  keyId: string;
  signature: Uint8Array;
}

function parseLine(line: string): SignatureLine {
  const [, name = '', base64 = ''] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = fromBase64(base64);
  if (!isKeyName(name) || !bytes || bytes.length <= KEY_ID_BYTES) fault('A signature line of the note is malformed.');
  const keyId = Buffer.from(bytes.subarray(0, KEY_ID_BYTES)).toString('hex');
  return { line, name, keyId, signature: bytes.subarray(KEY_ID_BYTES) };
}

/** Divides a note at its last empty line. */
function parseNote(note: string): { text: string; signatures: SignatureLine[] } {
  checkText(note);
  const end = note.lastIndexOf('\n\n');
  if (end < 0) fault('The note has no signatures.');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) fault(TOO_MANY);
  return { text: note.slice(0, end + 1), signatures: lines.map(parseLine) };
}

/** A signature that fits. */
export interface VerifiedSignature {
  name: string;
  type: NoteKeyType;
  /** The whole key: two keys may share a name. */
  verifierKey: string;
  /** Of cosignatures: when the witness says that it signed, in seconds since 1970. */
  time?: number;
}

/** A note whose signatures by known keys fit. */
export interface OpenedNote {
  /** With its last newline. */
  text: string;
  /** One for each known key that signed, in the order of the note. */
  verified: VerifiedSignature[];
  /** Signature lines by keys that are not known; they say nothing. */
  unverified: string[];
}

/** As {@link openNote}, for a note that none of the keys need have signed. */
export function checkNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const verified = new Map<string, VerifiedSignature>();
  const unverified: string[] = [];
  for (const { line, name, keyId, signature } of signatures) {
    const known = verifiers.filter((verifier) => verifier.name === name && verifier.keyId === keyId);
    if (known.length === 0) unverified.push(line);
    for (const key of known) {
      const right = key.check(text, signature);
      if (!right)
        throw new TlogError('tlog_signature_invalid', `The signature by ${name} does not fit the note: reject it.`);
      const { type, verifierKey } = key;
      if (!verified.has(verifierKey)) verified.set(verifierKey, { name, type, verifierKey, ...right });
    }
  }
  return { text, verified: [...verified.values()], unverified };
}

/**
 * Opens a signed note (c2sp.org/signed-note). Signatures by unknown keys are put aside. Throws TlogError
 * `tlog_note_invalid` (no note), `tlog_signature_invalid` (a known key's signature is wrong or malformed),
 * `tlog_note_unverified` (no known key signed).
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote {
  const opened = checkNote(note, verifiers);
  if (opened.verified.length > 0) return opened;
  throw new TlogError(
    'tlog_note_unverified',
    'No known key signed the note; check the keys, and do not read its text.',
  );
}

/** A note of a text, which must end in a newline, signed by each signer. Throws TlogError `tlog_note_invalid`. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  checkText(text);
  if (signers.length === 0) fault('A note needs a signature; give a signer.');
  return `${text}\n${signers.map((signer) => `${signer.sign(text)}\n`).join('')}`;
}

/**
 * The note with more signature lines (a last newline of each may be left out); those that it has already are not
 * repeated. They are not verified: open the result. Throws TlogError `tlog_note_invalid` for what is no signature line.
 */
export function addSignatures(note: string, lines: readonly string[]): string {
  const { text, signatures } = parseNote(note);
  const more = lines.map((line) => parseLine(line.replace(/\n$/, '')));
  const all = new Set([...signatures, ...more].map(({ line }) => line));
  if (all.size > MAX_SIGNATURES) fault(TOO_MANY);
  return `${text}\n${[...all].map((line) => `${line}\n`).join('')}`;
}
