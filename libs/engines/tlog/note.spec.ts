import { generateKeyPairSync } from 'node:crypto';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.js';
import { EMPTY_ROOT, leafHash } from './hash.js';
import { NoteSigner, parseVerifierKey } from './keys.js';
import { addSignatures, openNote, signNote } from './note.js';
import { formatProof, parseProof, verifyProof } from './proof-file.js';
import { newKeyPem } from './testing/witness.js';

const error = (code: string) => expect.objectContaining({ code }) as unknown as Error;

const ORIGIN = 'log.example.org/releases';
const pem = newKeyPem();
const log = NoteSigner.ed25519(ORIGIN, pem);
const witness = NoteSigner.cosigner('witness.example/w1', newKeyPem(), () => 1_800_000_000);
const other = NoteSigner.ed25519('other.example', newKeyPem());
const keys = [log.verifier, witness.verifier];
const TEXT = 'a\n\nb\n';
const note = signNote(TEXT, [log, other]);

describe('keys', () => {
  it('are written and read back', () => {
    for (const signer of [log, witness]) {
      expect(signer.verifierKey).toMatch(/^[^+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/);
      const read = parseVerifierKey(signer.verifierKey);
      expect(read).toMatchObject({
        name: signer.name,
        verifierKey: signer.verifierKey,
        publicKey: signer.verifier.publicKey,
      });
    }
    expect(NoteSigner.cosigner(ORIGIN, pem, () => 1).verifier.keyId).not.toBe(log.verifier.keyId);
  });

  const [name, id, base64] = 'example.com/foo 530d903a AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'.split(' ');
  it.each([
    ['nothing', ''],
    ['no name', `+${id}+${base64}`],
    ['a name with a space', `a b+${id}+${base64}`],
    ['another name', `example.com/fo+${id}+${base64}`],
    ['another id', `${name}+530d903b+${base64}`],
    ['an id in capitals', `${name}+530D903A+${base64}`],
    ['another key', `${name}+${id}+${base64!.replace('d', 'e')}`],
    ['base64 without its end', `${name}+${id}+${base64!.slice(0, -1)}`],
    ['a type that is not known (ML-DSA-44)', `${name}+${id}+${Buffer.alloc(33, 6).toString('base64')}`],
    ['a key of 31 bytes', `${name}+${id}+${Buffer.alloc(32, 1).toString('base64')}`],
    ['a newline', `${name}+${id}+${base64}\n`],
  ])('refuse %s', (_, vkey) => {
    expect(() => parseVerifierKey(vkey)).toThrow(error('tlog_key_invalid'));
  });

  it('sign with Ed25519 only', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const ec = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    for (const bad of ['no key', ec]) {
      expect(() => NoteSigner.ed25519(ORIGIN, bad)).toThrow(error('tlog_key_invalid'));
    }
    expect(() => NoteSigner.ed25519('a+b', pem)).toThrow(error('tlog_key_invalid'));
  });
});

describe('signed notes', () => {
  it('open with each key that is known, and put aside those that are not', () => {
    const cosigned = addSignatures(note, [witness.sign(TEXT), `${log.sign(TEXT)}\n`]);
    expect(cosigned.match(/\u2014/g)).toHaveLength(3);
    expect(openNote(cosigned, keys)).toEqual({
      text: TEXT,
      verified: [
        { name: ORIGIN, type: 'ed25519', verifierKey: log.verifierKey },
        { name: witness.name, type: 'cosignature', verifierKey: witness.verifierKey, time: 1_800_000_000 },
      ],
      unverified: [other.sign(TEXT)],
    });
  });

  it('ignore an unknown key that shares a name or an id with a known one', () => {
    const namesake = NoteSigner.ed25519(ORIGIN, newKeyPem());
    const borrowed = other.sign(TEXT).replace(/ \S+$/, (tail) => {
      const bytes = Buffer.from(tail.trim(), 'base64');
      return ` ${Buffer.concat([Buffer.from(log.verifier.keyId, 'hex'), bytes.subarray(4)]).toString('base64')}`;
    });
    const opened = openNote(addSignatures(note, [namesake.sign(TEXT), borrowed]), keys);
    expect(opened.verified.map(({ verifierKey }) => verifierKey)).toEqual([log.verifierKey]);
    expect(opened.unverified).toHaveLength(3);
    expect(() => openNote(signNote(TEXT, [namesake]), keys)).toThrow(error('tlog_note_unverified'));
  });

  it.each<[string, (line: string) => string]>([
    ['of another text', () => log.sign('b\n')],
    ['cut short', (line) => resign(line, (bytes) => bytes.subarray(0, -3))],
    ['with a changed byte', (line) => resign(line, (bytes) => bytes.with(20, bytes[20]! ^ 1))],
    ['with bytes after it', (line) => resign(line, (bytes) => Buffer.concat([bytes, Buffer.alloc(3)]))],
  ])('a known key with a signature %s spoils the note, even beside a right one', (_, change) => {
    const bad = addSignatures(note, [change(log.sign(TEXT))]);
    expect(() => openNote(bad, keys)).toThrow(error('tlog_signature_invalid'));
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['another time', (bytes) => bytes.with(11, bytes[11]! ^ 1)],
    ['no time', (bytes) => Buffer.concat([bytes.subarray(0, 4), bytes.subarray(12)])],
  ])('a cosignature with %s spoils the note', (_, change) => {
    const bad = addSignatures(note, [resign(witness.sign(TEXT), change)]);
    expect(() => openNote(bad, keys)).toThrow(error('tlog_signature_invalid'));
  });

  it('a cosignature without a time of its own (0) is none', () => {
    const timeless = NoteSigner.cosigner('w', newKeyPem(), () => 0);
    expect(() => openNote(signNote(TEXT, [timeless]), [timeless.verifier])).toThrow(error('tlog_signature_invalid'));
  });

  const line = log.sign(TEXT);
  it.each([
    ['nothing', ''],
    ['no signature', TEXT],
    ['no empty line', `a\n${line}\n`],
    ['no newline at its end', `a\n\n${line}`],
    ['an empty line after the signatures', `a\n\n${line}\n\n`],
    ['a hyphen for the dash', `a\n\n${line.replace('\u2014', '-')}\n`],
    ['two spaces', `a\n\n${line.replace(' ', '  ')}\n`],
    ['a space at the end of the line', `a\n\n${line} \n`],
    ['a name with a plus sign', `a\n\n${line.replace('log.', 'log+')}\n`],
    ['a name with a no-break space', `a\n\n${line.replace('log.', 'log\u00a0')}\n`],
    ['base64 without its padding', `a\n\n${line.replace(/=+$/, '')}\n`],
    ['base64 for addresses', `a\n\n\u2014 k ${'_-_-'.repeat(4)}\n`],
    ['a key id and nothing signed', `a\n\n\u2014 k AAAAAA==\n`],
    ['a tab', `a\tb\n\n${line}\n`],
    ['a carriage return', `a\r\n\n${line}\n`],
    ['half a surrogate pair', `a\ud800\n\n${line}\n`],
    ['101 signatures', `a\n\n${`${line}\n`.repeat(101)}`],
    ['a megabyte', `${'a'.repeat(1_000_000)}\n\n${line}\n`],
  ])('%s is no note', (_, text) => {
    expect(() => openNote(text, keys)).toThrow(error('tlog_note_invalid'));
  });

  it('are not made of texts and lines that cannot be one', () => {
    for (const text of ['', 'a', 'a\u0000\n']) expect(() => signNote(text, [log])).toThrow(error('tlog_note_invalid'));
    expect(() => signNote(TEXT, [])).toThrow(error('tlog_note_invalid'));
    for (const bad of ['', 'a', '\u2014 k', `${line}\n\n${line}`]) {
      expect(() => addSignatures(note, [bad])).toThrow(error('tlog_note_invalid'));
    }
  });
});

const root = leafHash(Buffer.from('leaf'));
const checkpoint = formatCheckpoint({ origin: ORIGIN, size: 1, root });

describe('checkpoints', () => {
  it('are written and read back, and tolerate extension lines', () => {
    expect(parseCheckpoint(checkpoint)).toEqual({ origin: ORIGIN, size: 1, root });
    expect(parseCheckpoint(`${checkpoint}more\nand more\n`)).toEqual({ origin: ORIGIN, size: 1, root });
    expect(parseCheckpoint(formatCheckpoint({ origin: ORIGIN, size: 0, root: EMPTY_ROOT })).size).toBe(0);
  });

  const [, , base64 = ''] = checkpoint.split('\n');
  it.each([
    ['an empty origin', `\n1\n${base64}\n`],
    ['two lines', `${ORIGIN}\n1\n`],
    ['no last newline', checkpoint.slice(0, -1)],
    ['an empty extension line', `${checkpoint}\n`],
    ['a leading zero', checkpoint.replace('\n1\n', '\n01\n')],
    ['a sign', checkpoint.replace('\n1\n', '\n+1\n')],
    ['a size beyond 2^53', checkpoint.replace('\n1\n', '\n9007199254740992\n')],
    ['a root of 31 bytes', `${ORIGIN}\n1\n${Buffer.alloc(31).toString('base64')}\n`],
    ['a root with bits left over', checkpoint.replace(/(.)=\n$/, (_, last: string) => `${next(last)}=\n`)],
    ['an empty tree with leaves', checkpoint.replace('\n1\n', '\n0\n')],
    ['a whole note', signNote(checkpoint, [log])],
  ])('%s is none', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(error('tlog_checkpoint_invalid'));
  });

  it.each([
    { origin: '', size: 1, root },
    { origin: 'a\nb', size: 1, root },
    { origin: 'a b', size: 1, root },
    { origin: ORIGIN, size: -1, root },
    { origin: ORIGIN, size: 1, root: root.subarray(1) },
    { origin: ORIGIN, size: 0, root },
  ])('%j is not written', (wrong) => {
    expect(() => formatCheckpoint(wrong)).toThrow(error('tlog_checkpoint_invalid'));
  });

  it('need the signature of the log itself', () => {
    const cosigned = signNote(checkpoint, [log, witness]);
    expect(openCheckpoint(cosigned, keys, ORIGIN)).toMatchObject({ size: 1, witnesses: [{ name: witness.name }] });
    const open =
      (text: string, origin = ORIGIN) =>
      () =>
        openCheckpoint(text, [...keys, other.verifier], origin);
    expect(open(signNote(checkpoint, [witness]))).toThrow(error('tlog_note_unverified'));
    expect(open(signNote(checkpoint, [other]))).toThrow(error('tlog_note_unverified'));
    expect(open(cosigned, 'other.example')).toThrow(error('tlog_checkpoint_invalid'));
    const sameKey = NoteSigner.cosigner(ORIGIN, pem, () => 1);
    expect(() => openCheckpoint(signNote(checkpoint, [sameKey]), [sameKey.verifier], ORIGIN)).toThrow(
      error('tlog_note_unverified'),
    );
  });
});

describe('proofs in a file', () => {
  const checkpointNote = signNote(checkpoint, [log]);
  const proofText = formatProof({ index: 0, proof: [], checkpointNote });
  const claim = { proofText, leafHash: root, verifiers: keys, origin: ORIGIN };

  it('are written as c2sp.org/tlog-proof lays them out', () => {
    expect(proofText).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${checkpointNote}`);
    expect(verifyProof(claim)).toEqual({ index: 0, size: 1, root, witnesses: [] });
    const long = { index: 73_894, proof: [root, EMPTY_ROOT], checkpointNote };
    expect(parseProof(formatProof(long))).toEqual(long);
    expect(parseProof(formatProof(long).replace('\n', '\nextra YQ==\n'))).toEqual(long);
  });

  it.each([
    ['nothing', ''],
    ['another version', proofText.replace('v1', 'v2')],
    ['no index', proofText.replace('index 0\n', '')],
    ['an index with a leading zero', proofText.replace('index 0', 'index 00')],
    ['extra data after the index', proofText.replace('index 0\n', 'index 0\nextra YQ==\n')],
    ['extra data that is no base64', proofText.replace('index', 'extra ?\nindex')],
    ['a hash of 31 bytes', proofText.replace('0\n\n', `0\n${Buffer.alloc(31).toString('base64')}\n\n`)],
    ['64 hashes', proofText.replace('0\n\n', `0\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\n`)],
    ['no empty line', proofText.replace('0\n\n', '0\n').replace('\n\n', '\n')],
  ])('%s is none', (_, text) => {
    expect(() => parseProof(text)).toThrow(error('tlog_proof_invalid'));
  });

  it('show nothing about other leaves, other places, other logs', () => {
    const wrong = (change: Partial<typeof claim>) => () => verifyProof({ ...claim, ...change });
    expect(wrong({ leafHash: EMPTY_ROOT })).toThrow(error('tlog_inclusion_invalid'));
    expect(wrong({ leafHash: root.subarray(1) })).toThrow(error('tlog_inclusion_invalid'));
    expect(wrong({ proofText: proofText.replace('index 0', 'index 1') })).toThrow(error('tlog_inclusion_invalid'));
    expect(wrong({ origin: 'other' })).toThrow(error('tlog_checkpoint_invalid'));
    expect(wrong({ verifiers: [witness.verifier] })).toThrow(error('tlog_note_unverified'));
    expect(wrong({ proofText: proofText.replace('\n1\n', '\n2\n') })).toThrow(error('tlog_signature_invalid'));
  });
});

/** A signature line whose bytes (key id and signature) were changed. */
function resign(line: string, change: (bytes: Buffer) => Uint8Array): string {
  const [dash, name, base64 = ''] = line.split(' ');
  return [dash, name, Buffer.from(change(Buffer.from(base64, 'base64'))).toString('base64')].join(' ');
}

/** The base64 digit after this one. */
function next(digit: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return digits[digits.indexOf(digit) + 1]!;
}
