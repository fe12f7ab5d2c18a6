import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#kernel';
import { remove, sweepFolder, temporaryName } from './files.js';
import { type ScratchSpace } from './types.js';

/**
 * A scratch space in `dir`, which is created when needed, readable by this user only.
 * @throws AppError `scratch_extension_invalid` from `file`
 */
export function createScratch(dir: string): ScratchSpace {
  return {
    async file(ext) {
      if (!/^[a-z0-9]{1,10}$/.test(ext)) {
        throw new AppError('invalid', 'scratch_extension_invalid', 'A file extension is 1 to 10 letters or digits.');
      }
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const path = join(dir, `${temporaryName()}.${ext}`);
      return {
        path,
        async dispose() {
          await remove(path);
        },
      };
    },
    sweep: (olderThanMs, ext) => sweepFolder(dir, olderThanMs, ext === undefined ? '' : `.${ext}`),
  };
}
