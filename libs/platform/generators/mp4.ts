import { open } from 'node:fs/promises';
import { GeneratorError } from './errors.js';

interface Box {
  type: string;
  size: number;
}

async function boxes(path: string): Promise<{ found: Box[]; whole: boolean }> {
  const file = await open(path, 'r');
  try {
    const { size: end } = await file.stat();
    const found: Box[] = [];
    const head = Buffer.alloc(16);
    let at = 0;
    while (at < end && found.length < 4096) {
      const { bytesRead } = await file.read(head, 0, 16, at);
      if (bytesRead < 8) return { found, whole: false };
      let size = head.readUInt32BE(0);
      if (size === 1 && bytesRead === 16) size = Number(head.readBigUInt64BE(8));
      if (size === 0) size = end - at;
      if (size < 8) return { found, whole: false };
      found.push({ type: head.toString('latin1', 4, 8), size });
      at += size;
    }
    return { found, whole: at === end };
  } finally {
    await file.close();
  }
}

/**
 * Checks the top-level boxes of an MP4 file (ISO/IEC 14496-12): `ftyp` first, a `moov`, and no box past the end.
 * It decodes nothing; what the file holds is judged elsewhere.
 * @throws GeneratorError `generator_bad_content`, worth a second download only when the end is missing
 */
export async function assertMp4(path: string, generator: string): Promise<void> {
  const { found, whole } = await boxes(path);
  if (found[0]?.type !== 'ftyp') {
    throw new GeneratorError('generator_bad_content', 'The engine sent something that is not an MP4 file.', generator, {
      retry: 'never',
    });
  }
  if (!whole) {
    throw new GeneratorError('generator_bad_content', 'The clip that the engine sent is cut short.', generator);
  }
  if (!found.some((box) => box.type === 'moov')) {
    throw new GeneratorError('generator_bad_content', 'The clip that the engine sent has no index (moov).', generator);
  }
}
