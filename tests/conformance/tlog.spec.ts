import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import {
  appendTiles,
  auditLog,
  consistencyProof,
  decodeEntries,
  encodeEntries,
  entriesPath,
  formatCheckpoint,
  formatProof,
  inclusionProof,
  leafHash,
  NoteSigner,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  type ReadTile,
  signNote,
  tilePath,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
  verifyProof,
} from '#engines/tlog';

const FOLDER = join(projectRoot, 'tests/fixtures/tlog');
const base64 = (text: string) => Buffer.from(text, 'base64');
const vectors = <T>(name: string) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as (T & Vector)[];

interface Vector {
  file: string;
  proof: string[] | null;
  wantErr: boolean;
}

/** Equal sizes with roots of 14 bytes ("don't care 2"): the reference compares them and is content. */
const SHORT_ROOTS = 'additional/sizes-are-equal-one-and-proof-is-empty';

describe('the proofs of transparency-dev/merkle', () => {
  it('98 inclusion proofs are accepted and refused as there', () => {
    const all = vectors<{ leafIdx: number; treeSize: number; root: string; leafHash: string }>('inclusion.json');
    expect(all).toHaveLength(98);
    for (const one of all) {
      const claim = { index: one.leafIdx, size: one.treeSize, leafHash: base64(one.leafHash), root: base64(one.root) };
      const verify = () => verifyInclusion({ ...claim, proof: (one.proof ?? []).map(base64) });
      expect([one.file, outcome(verify)]).toEqual([one.file, one.wantErr ? 'tlog_inclusion_invalid' : 'accepted']);
    }
  });

  it('98 consistency proofs are accepted and refused as there, but for roots that are no hashes', () => {
    const all = vectors<{ size1: number; size2: number; root1: string; root2: string }>('consistency.json');
    expect(all).toHaveLength(98);
    const odd = all.filter(({ root1, wantErr }) => base64(root1).length !== 32 && !wantErr);
    expect(odd.map(({ file }) => file)).toEqual([SHORT_ROOTS]);
    for (const one of all) {
      const claim = { from: one.size1, to: one.size2, fromRoot: base64(one.root1), toRoot: base64(one.root2) };
      const verify = () => verifyConsistency({ ...claim, proof: (one.proof ?? []).map(base64) });
      const refused = one.wantErr || one.file === SHORT_ROOTS;
      expect([one.file, outcome(verify)]).toEqual([one.file, refused ? 'tlog_consistency_invalid' : 'accepted']);
    }
  });
});

function outcome(verify: () => void): unknown {
  try {
    verify();
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describe('the log of transparency-dev/tessera', () => {
  const ORIGIN = 'example.com/log/testdata';
  const key = parseVerifierKey(`${ORIGIN}+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx`);
  const source = (path: string) => readFile(join(FOLDER, 'tessera', path));
  const readTile: ReadTile = (tile) => source(tilePath(tile));
  const noteAt = (size: number) => readFileSync(join(FOLDER, `tessera/checkpoint.${size}`), 'utf8');
  const sizes = Array.from({ length: 16 }, (_, size) => size);
  const checkpointAt = (size: number) => parseCheckpoint(openNote(noteAt(size), [key]).text);

  it('signed the roots of 16 checkpoints, which its tiles lead to', async () => {
    for (const size of sizes) {
      const { root } = checkpointAt(size);
      expect(checkpointAt(size)).toEqual({ origin: ORIGIN, size, root });
      expect(Buffer.from(await treeRoot(size, readTile)).equals(root)).toBe(true);
    }
  });

  it('is consistent between each two checkpoints', async () => {
    for (const to of sizes) {
      for (const from of sizes.slice(1, to + 1)) {
        const proof = await consistencyProof(from, to, readTile);
        verifyConsistency({ from, to, fromRoot: checkpointAt(from).root, toRoot: checkpointAt(to).root, proof });
      }
    }
  });

  it('holds entries that lead to its tiles, byte for byte', async () => {
    for (const size of sizes.slice(1)) {
      const bundle = await source(entriesPath(0, size));
      const entries = decodeEntries(bundle);
      expect(bundle.equals(encodeEntries(entries))).toBe(true);
      const { tiles } = await appendTiles(0, entries.map(leafHash), readTile);
      expect(tiles).toHaveLength(1);
      expect(Buffer.compare(await readTile(tiles[0]!), tiles[0]!.data)).toBe(0);
    }
  });

  it('is written the same by our signer with its public test key', () => {
    const seed = base64('AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg').subarray(1);
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]).toString('base64');
    const signer = NoteSigner.ed25519(ORIGIN, `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`);
    expect(signer.verifierKey).toBe(key.verifierKey);
    for (const size of sizes) expect(signNote(formatCheckpoint(checkpointAt(size)), [signer])).toBe(noteAt(size));
  });

  it('gives proofs that are checked without it', async () => {
    for (const [index, entry] of decodeEntries(await source(entriesPath(0, 15))).entries()) {
      const proof = await inclusionProof(index, 15, readTile);
      const proofText = formatProof({ index, proof, checkpointNote: noteAt(15) });
      const claim = { proofText, verifiers: [key], origin: ORIGIN };
      expect(verifyProof({ ...claim, leafHash: leafHash(entry) })).toMatchObject({ index, size: 15, witnesses: [] });
      expect(outcome(() => verifyProof({ ...claim, leafHash: leafHash(Buffer.from('other')) }))).toBe(
        'tlog_inclusion_invalid',
      );
    }
  });

  it('passes the audit, from its beginning and from each checkpoint', async () => {
    for (const size of sizes) {
      const from = { size, root: checkpointAt(size).root };
      const seen: string[] = [];
      const onEntry = (_: number, entry: Uint8Array) => void seen.push(Buffer.from(entry).toString());
      const audit = await auditLog({ source, verifiers: [key], origin: ORIGIN, from, sequenced: false, onEntry });
      expect(audit).toMatchObject({ size: 15, faults: [], entries: 15 - size, checkpoint: noteAt(15) });
      if (size === 0) expect(seen.slice(0, 3)).toEqual(['one', 'two', 'three']);
    }
  });
});

describe('signed notes of others', () => {
  it('the example of c2sp.org/signed-note', () => {
    const key = parseVerifierKey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
    const note =
      'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    expect(openNote(note, [key])).toMatchObject({ text: 'This is an example message.\n', unverified: [] });
    expect(() => openNote(note.replace('an example', 'no example'), [key])).toThrow('does not fit');
  });

  it('the two signatures of the tests of golang.org/x/mod/sumdb/note', () => {
    const keys = [
      'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop',
    ].map(parseVerifierKey);
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const note =
      `${text}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n` +
      '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
    expect(openNote(note, keys).verified.map(({ name }) => name)).toEqual(['PeterNeumann', 'EnochRoot']);
    expect(openNote(note, keys.slice(1)).unverified).toHaveLength(1);
  });

  it('a checkpoint of a public log of certificates with cosignatures of public witnesses', () => {
    const origin = 'arche2025h1.staging.ct.transparency.dev';
    const note = [
      `${origin}\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n`,
      `\u2014 ${origin} zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=`,
      `\u2014 ${origin} ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=`,
      '\u2014 witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==',
      '\u2014 remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n',
    ].join('\n');
    const keys = [
      `${origin}+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f`,
      'witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO',
      'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
    ].map(parseVerifierKey);
    const { text, verified, unverified } = openNote(note, keys);
    const time = Date.parse('2026-05-23T21:50:24Z') / 1000;
    expect(verified.map((one) => one.time)).toEqual([undefined, time, time]);
    expect(unverified).toHaveLength(1);
    expect(parseCheckpoint(text)).toMatchObject({ origin, size: 1_432_088_532 });
  });
});
