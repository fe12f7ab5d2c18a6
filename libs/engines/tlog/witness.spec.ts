import { formatCheckpoint } from './checkpoint.js';
import { leafHash } from './hash.js';
import { NoteSigner, parseVerifierKey } from './keys.js';
import { addSignatures, openNote, signNote } from './note.js';
import { enoughWitnesses, parseWitnessPolicy } from './policy.js';
import { MemoryTree } from './testing/memory-log.js';
import { newKeyPem, serveWitness, TestWitness, type WitnessResponse } from './testing/witness.js';
import { consistencyProof } from './tiles.js';
import { addCheckpointBody, readWitnessAnswer, type WitnessAnswer } from './witness.js';

const error = (code: string) => expect.objectContaining({ code }) as unknown as Error;

const ORIGIN = 'log.example.org/releases';
const key = NoteSigner.ed25519(ORIGIN, newKeyPem());
const leaves = (from: number, to: number, word = 'leaf') =>
  Array.from({ length: to - from }, (_, at) => leafHash(Buffer.from(`${word} ${from + at}`)));

/** A log that can be grown, and forked. */
class Log extends MemoryTree {
  note = '';

  async grow(to: number, word?: string): Promise<this> {
    const { root } = await this.append(leaves(this.size, to, word));
    this.note = signNote(formatCheckpoint({ origin: ORIGIN, size: this.size, root }), [key]);
    return this;
  }

  async body(old: number): Promise<string> {
    return addCheckpointBody({ old, proof: await consistencyProof(old, this.size, this.read), note: this.note });
  }
}

const witness = new TestWitness('witness.example/w1', [key.verifier], () => 1_800_000_000);
const verifiers = [parseVerifierKey(witness.verifierKey)];

describe('a witness over HTTP', () => {
  let served: Awaited<ReturnType<typeof serveWitness>>;
  beforeAll(async () => {
    served = await serveWitness(witness);
  });
  afterAll(() => served.close());

  async function ask(log: Log, old: number): Promise<WitnessAnswer> {
    const response = await fetch(`${served.url}/add-checkpoint`, { method: 'POST', body: await log.body(old) });
    return readWitnessAnswer(response.status, await response.text(), { note: log.note, old, verifiers });
  }

  it('cosigns a log that grows, tells its size to who forgot it, and catches the fork', async () => {
    const log = await new Log().grow(300);
    const first = await ask(log, 0);
    if (first.kind !== 'signed') throw new Error(JSON.stringify(first));
    const cosigned = addSignatures(log.note, first.lines);
    expect(openNote(cosigned, verifiers).verified).toMatchObject([{ name: witness.name, time: 1_800_000_000 }]);

    await log.grow(700);
    expect(await ask(log, 0)).toEqual({ kind: 'conflict', size: 300 });
    expect(await ask(log, 300)).toMatchObject({ kind: 'signed' });
    expect(await ask(log, 700)).toMatchObject({ kind: 'signed' });

    const fork = await (await new Log().grow(300)).grow(700, 'another leaf');
    expect(await ask(fork, 700)).toEqual({
      kind: 'refused',
      status: 409,
      message: expect.stringContaining('another tree') as string,
    });
    await fork.grow(900);
    expect(await ask(fork, 700)).toEqual({ kind: 'refused', status: 422, message: 'tlog_consistency_invalid' });
    const rolledBack = await new Log().grow(500);
    expect(await ask(rolledBack, 500)).toEqual({ kind: 'conflict', size: 700 });
    await log.grow(900);
    expect(await ask(log, 700)).toMatchObject({ kind: 'signed' });
  });
});

describe('the witness of the tests', () => {
  const signed = (origin: string, signer: NoteSigner) =>
    signNote(formatCheckpoint({ origin, size: 1, root: leaves(0, 1)[0]! }), [signer]);
  const stranger = NoteSigner.ed25519(ORIGIN, newKeyPem());
  const note = signed(ORIGIN, key);

  it.each<[number, string, string]>([
    [
      404,
      'a log that it does not know',
      `old 0\n\n${signed('other.example', NoteSigner.ed25519('other.example', newKeyPem()))}`,
    ],
    [403, 'a key that it does not know', `old 0\n\n${signed(ORIGIN, stranger)}`],
    [403, 'a changed checkpoint', `old 0\n\n${note.replace('\n1\n', '\n2\n')}`],
    [400, 'an old size above the size', `old 2\n\n${note}`],
    [422, 'a proof from nothing', `old 0\n${Buffer.alloc(32).toString('base64')}\n\n${note}`],
    [400, 'a leading zero', `old 00\n\n${note}`],
    [400, 'a proof of no hash', `old 0\nYQ==\n\n${note}`],
    [400, '64 hashes', `old 0\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\n${note}`],
    [400, 'no old size', note],
    [400, 'nothing', ''],
  ])('answers %i to %s', (status, _, body) => {
    expect(new TestWitness('w', [key.verifier]).addCheckpoint(body)).toMatchObject({ status });
  });
});

describe('asking a witness', () => {
  it('refuses to send what no witness may accept', () => {
    const hash = leaves(0, 1)[0]!;
    for (const wrong of [
      { old: -1, proof: [] },
      { old: 0, proof: [hash] },
      { old: 1, proof: [hash.subarray(1)] },
      { old: 1, proof: Array<Uint8Array>(64).fill(hash) },
    ]) {
      expect(() => addCheckpointBody({ ...wrong, note: '' })).toThrow(error('tlog_argument_invalid'));
    }
  });

  it.each<[string, (own: string) => WitnessResponse, { kind: WitnessAnswer['kind']; [more: string]: unknown }]>([
    ['its signature', (own) => ({ status: 200, body: own }), { kind: 'signed', lines: 1 }],
    [
      'and one by another key',
      (own) => ({ status: 200, body: `${key.sign('a\n')}\n${own}` }),
      { kind: 'signed', lines: 1 },
    ],
    ['one by another key alone', () => ({ status: 200, body: `${key.sign('a\n')}\n` }), { kind: 'refused' }],
    [
      'a wrong signature',
      (own) => ({ status: 200, body: own.replace(/.{12}\n$/, 'AAAAAAAAAAA=\n') }),
      { kind: 'refused' },
    ],
    [
      'a right and a wrong one',
      (own) => ({ status: 200, body: own + own.replace(/.{12}\n$/, 'AAAAAAAAAAA=\n') }),
      { kind: 'refused' },
    ],
    ['a note of its own', (own) => ({ status: 200, body: `a\n\n${own}` }), { kind: 'refused' }],
    ['nothing', () => ({ status: 200, body: '' }), { kind: 'refused' }],
    ['a page', () => ({ status: 200, body: '<html>' }), { kind: 'refused', status: 200 }],
    ['another size', () => ({ status: 409, body: '7\n' }), { kind: 'conflict', size: 7 }],
    ['the same size', () => ({ status: 409, body: '5\n' }), { kind: 'refused', status: 409 }],
    ['a size that is none', () => ({ status: 409, body: '07\n' }), { kind: 'refused', status: 409 }],
    ['a redirection', () => ({ status: 302, body: '' }), { kind: 'refused', status: 302 }],
    ['words', () => ({ status: 500, body: 'a\u001b[2J\r\nb ' }), { kind: 'refused', status: 500, message: 'a [2J b' }],
    ['many words', () => ({ status: 500, body: 'a'.repeat(999) }), { kind: 'refused', message: 'a'.repeat(200) }],
  ])('reads %s', async (_, answer, expected) => {
    const { note, ...log } = await new Log().grow(9);
    const own = new TestWitness(witness.name, [key.verifier]);
    const right = own.addCheckpoint(addCheckpointBody({ old: 0, proof: [], note }));
    expect([right.status, log.size]).toEqual([200, 9]);
    const { status, body } = answer(right.body);
    const read = readWitnessAnswer(status, body, { note, old: 5, verifiers: [parseVerifierKey(own.verifierKey)] });
    expect(read.kind === 'signed' ? { kind: 'signed', lines: read.lines.length } : read).toMatchObject(expected);
  });
});

describe('a policy of witnesses', () => {
  const names = ['w1.example', 'w2.example', 'w3.example'];
  const signers = names.map((name) => NoteSigner.cosigner(name, newKeyPem(), () => 1_800_000_000));
  const witnesses = signers.map(({ name, verifierKey }) => ({ name, vkey: verifierKey, url: `https://${name}/x` }));
  const yaml = (quorum: number) =>
    `quorum: ${quorum}\nwitnesses:\n${witnesses.map((one) => `  - { name: ${one.name}, vkey: "${one.vkey}", url: "${one.url}" }\n`).join('')}`;

  it('asks for none when there is none', () => {
    for (const empty of ['', '# nothing\n', undefined, null])
      expect(parseWitnessPolicy(empty)).toEqual({ quorum: 0, witnesses: [] });
    expect(enoughWitnesses(signNote('a\n', [key]), parseWitnessPolicy(''))).toBe(true);
  });

  it('counts different witnesses whose signatures fit', () => {
    const policy = parseWitnessPolicy(yaml(2));
    expect(policy).toEqual({ quorum: 2, witnesses });
    const [one, two] = signers as [NoteSigner, NoteSigner];
    const later = addSignatures(signNote('a\n', [key, one]), [one.sign('a\n')]);
    expect(enoughWitnesses(later, policy)).toBe(false);
    expect(enoughWitnesses(signNote('a\n', [one, two]), policy)).toBe(true);
    const wrong = addSignatures(signNote('a\n', [one, two]), [signers[2]!.sign('b\n')]);
    expect(() => enoughWitnesses(wrong, policy)).toThrow(error('tlog_signature_invalid'));
    const twice = NoteSigner.cosigner(one.name, newKeyPem(), () => 1);
    expect(enoughWitnesses(signNote('a\n', [one, twice]), policy)).toBe(false);
  });

  const [first, second] = witnesses as [(typeof witnesses)[0], (typeof witnesses)[0]];
  const pem = newKeyPem();
  const named = (name: string) => {
    const { verifierKey: vkey } = NoteSigner.cosigner(name, pem, () => 1);
    return { name, vkey, url: first.url };
  };
  it.each<[string, unknown]>([
    ['broken YAML', 'quorum: ['],
    ['an alias', 'quorum: &a 0\nwitnesses: *a\n'],
    ['no quorum', { witnesses: [] }],
    ['half a quorum', { quorum: 0.5, witnesses: [first] }],
    ['a quorum of all and one', { quorum: 2, witnesses: [first] }],
    ['an unknown word', { quorum: 0, witnesses: [], group: 1 }],
    ['a URL of a file', { quorum: 1, witnesses: [{ ...first, url: 'file:///x' }] }],
    ['a key of another name', { quorum: 1, witnesses: [{ ...first, name: 'w9.example' }] }],
    ['the key of a log', { quorum: 1, witnesses: [{ ...first, name: ORIGIN, vkey: key.verifierKey }] }],
    ['one witness twice', { quorum: 2, witnesses: [first, first] }],
    ['one name with two keys', { quorum: 2, witnesses: [named('w1.example'), first] }],
    ['one key with two names', { quorum: 2, witnesses: [named('a'), named('b'), second] }],
  ])('is not %s', (_, policy) => {
    expect(() => parseWitnessPolicy(policy)).toThrow(error('tlog_policy_invalid'));
  });

  it('has keys that can be read', () => {
    const broken = { quorum: 1, witnesses: [{ ...first, vkey: 'x' }] };
    expect(() => parseWitnessPolicy(broken)).toThrow(error('tlog_key_invalid'));
  });
});
