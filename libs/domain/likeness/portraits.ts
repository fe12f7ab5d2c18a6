import { writeFile } from 'node:fs/promises';
import { AppError } from '#kernel';
import { openPortrait } from '#domain/consent';
import type { OpenPortraits, Portraits } from '#domain/pipeline';
import type { Clip, Database } from '#platform/database';
import type { SubjectKeys } from '#platform/keys';
import type { BlobStore, ScratchFile, ScratchSpace } from '#platform/storage';

/** Portraits of the persons that a clip asks for, opened with the persons' own keys into scratch files. */
export class SealedPortraits implements Portraits {
  constructor(
    private readonly database: Database,
    private readonly files: { blobs: BlobStore; scratch: ScratchSpace },
    private readonly keys: Pick<SubjectKeys, 'open'>,
  ) {}

  async open(clip: Clip): Promise<OpenPortraits> {
    // What a clip is made from shows its persons already.
    const shown = clip.derivation === 'edit' || clip.derivation === 'extension';
    const how = shown ? ['asked'] : ['asked', 'inherited'];
    const uses = await this.database.likenessUse.findMany({
      where: { clipId: clip.id, how: { in: how } },
      orderBy: { personId: 'asc' },
    });
    const opened: { name: string; file: ScratchFile }[] = [];
    const release = async () => {
      await Promise.all(opened.map(({ file }) => file.dispose()));
    };
    try {
      for (const { personId } of uses) opened.push(await this.one(personId));
    } catch (e) {
      await release();
      throw e;
    }
    return { characters: opened.map(({ name, file }) => ({ name, portraitPath: file.path })), release };
  }

  private async one(personId: string): Promise<{ name: string; file: ScratchFile }> {
    const { database, keys } = this;
    const portrait = await openPortrait({ database, keys, blobs: this.files.blobs }, personId);
    if (!portrait) {
      throw new AppError(
        'not_found',
        'portrait_not_available',
        'A person of this clip has no portrait any more. Ask for the clip anew.',
      );
    }
    const file = await this.files.scratch.file('jpg');
    await writeFile(file.path, portrait.picture, { flag: 'wx', mode: 0o600 });
    return { name: portrait.handle ?? personId, file };
  }
}
