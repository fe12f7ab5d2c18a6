import { createSignedWorld, RELEASE, topLevelBoxes, type World } from './testing.js';
import { corpusFile } from './testing/corpus.js';
import { createLightPki } from './testing/light-pki.js';
import { type CredentialsPool, type SignResult } from './types.js';

let world: World;
let pool: CredentialsPool;
let signed: SignResult;
let clip: Buffer;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ world, pool, signed, clip, close } = await createSignedWorld(await createLightPki()));
});
afterAll(() => close());

const readBytes = async (name: string, bytes: Uint8Array) => pool.read(await world.file(name, bytes));

function box(file: Buffer, type: string) {
  return topLevelBoxes(file).find((one) => one.type === type)!;
}

function withFlip(file: Buffer, at: number): Buffer {
  const changed = Buffer.from(file);
  changed[at] = changed[at]! ^ 0x10;
  return changed;
}

describe('tampering', () => {
  it('calls a changed picture a mismatch, and says which release was signed', async () => {
    const mdat = box(clip, 'mdat');
    const finding = await readBytes('flip.mp4', withFlip(clip, (mdat.start + mdat.end) >> 1));
    expect(finding).toMatchObject({ state: 'mismatch', manifestId: signed.manifestId, softBinding: RELEASE });
    expect(finding.codes).toContain('assertion.bmffHash.mismatch');
  });

  it('does not call an altered manifest a mismatch of content', async () => {
    const at = clip.indexOf('trainedAlgorithmicMedia');
    const finding = await readBytes('assertion.mp4', withFlip(clip, at + 3));
    expect(finding).toMatchObject({ state: 'damaged', softBinding: null });
  });

  it('calls a file whose manifest was hidden damaged, not free of credentials', async () => {
    const { start } = box(clip, 'uuid');
    const jumbfType = clip.indexOf('6332706100110010800000aa00389b71', 'hex');
    const edits: [string, number][] = [
      // Type of the box: one that readers skip, another uuid; its purpose; the type of the store in it.
      ['free', start + 4],
      ['skip', start + 4],
      ['abcd', start + 4],
      ['x', start + 8],
      ['nothing', start + 28],
      ['merkle', start + 28],
      ['x', jumbfType],
    ];
    expect(jumbfType).toBeGreaterThan(start);
    for (const [text, at] of edits) {
      const hidden = Buffer.from(clip);
      hidden.write(text, at, 'latin1');
      expect([text, at, (await readBytes('hidden.mp4', hidden)).state]).toEqual([text, at, 'damaged']);
    }
    const jpeg = await corpusFile('adobe-20220124-CACA.jpg');
    for (let at = jpeg.indexOf('ffeb', 'hex'); at >= 0; at = jpeg.indexOf('ffeb', at + 2, 'hex')) jpeg[at + 1] = 0xec;
    expect((await readBytes('hidden.jpg', jpeg)).state).toBe('damaged');
  });
});

describe('small files', () => {
  it('empty and tiny ones are not called free of credentials', async () => {
    for (const size of [0, 1, 7, 8, 40]) {
      expect((await readBytes('tiny.mp4', clip.subarray(0, size))).state).toBe('unable');
    }
  });
});
