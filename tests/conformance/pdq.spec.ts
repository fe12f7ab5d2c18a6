import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { projectRoot } from '#kernel';
import { createVideoFingerprinter, DIHEDRAL, hashDistance, pdq, pdqDihedral } from '#engines/fingerprint';
import type { PixelFrame } from '#engines/pixels';

const FOLDER = join(projectRoot, 'tests/fixtures/pdq');
const expected = readFileSync(join(FOLDER, 'expected.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',') as [string, string]);

async function decoded(name: string): Promise<PixelFrame> {
  // Stored orientation, as the reference reads it.
  const { data, info } = await sharp(join(FOLDER, name))
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { timeS: 0, width: info.width, height: info.height, rgb: data };
}

/**
 * Bits that the hash of a picture may differ from the reference's. `q0003` is almost plain (quality 3 of 100, never
 * matched): there the rounding of the JPEG decoder alone decides over bits.
 */
const most = (name: string) => (name === 'q0003.jpg' ? 12 : 10);

describe('the public vectors of PDQ', () => {
  it.each(expected)('%s has the hash of the reference', async (name, hash) => {
    expect(hashDistance(pdq(await decoded(name)).hash, hash)).toBeLessThanOrEqual(most(name));
  });

  it.each(expected)('%s has it as well when it is a frame of a clip', async (name, hash) => {
    const clip = createVideoFingerprinter().begin();
    clip.look(await decoded(name));
    expect(hashDistance(clip.finish().hashes[0]!.hash, hash)).toBeLessThanOrEqual(most(name));
  });

  it('qualities are those of rich and of almost plain pictures', async () => {
    const quality = async (name: string) => pdq(await decoded(name)).quality;
    expect(await quality('bridge-1-original.jpg')).toBe(100);
    expect(await quality('q0003.jpg')).toBeLessThan(50);
  });
});

describe('edits of a picture', () => {
  it.each(['blur-a-lot', 'high-contrast', 'shrink-a-lot', 'square-128x128'])('%s stays near', async (edit) => {
    const original = pdq(await decoded('bridge-1-original.jpg')).hash;
    expect(hashDistance(pdq(await decoded(`bridge-${edit}.jpg`)).hash, original)).toBeLessThanOrEqual(31);
  });

  it.each([
    ['bridge-2-rotate-90.jpg', 'rotate90'],
    ['bridge-5-flipx.jpg', 'flipX'],
  ] as const)('%s is near the variant %s, and near no other', async (name, way) => {
    const { hashes } = pdqDihedral(await decoded('bridge-1-original.jpg'));
    const own = pdq(await decoded(name)).hash;
    for (const variant of DIHEDRAL) {
      const distance = hashDistance(hashes[variant], own);
      if (variant === way) expect(distance).toBeLessThanOrEqual(10);
      else expect(distance).toBeGreaterThan(60);
    }
  });

  it('the first variant is the hash itself', async () => {
    const frame = await decoded('q0122.jpg');
    const { hashes, quality } = pdqDihedral(frame);
    expect({ hash: hashes.original, quality }).toEqual(pdq(frame));
  });
});
