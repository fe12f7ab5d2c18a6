import type { Examiner } from '#domain/examination';
import type { LabelProfiles } from '#platform/auth';
import { json, Prisma, type Clip } from '#platform/database';
import type { Keyring } from '#platform/keys';
import type { BlobStore, ScratchSpace } from '#platform/storage';
import type { Move } from '#domain/gate';
import { holdForMarks } from './hold.js';
import type { Step } from './step.js';

/** Writes the release id into every frame, invisibly, over the tenant's visible label. */
export class MarkStep implements Step {
  readonly name = 'mark';
  readonly from = ['marking'] as const;
  readonly fail = (_clip: Clip, error: unknown) => holdForMarks(error);

  constructor(
    private readonly files: { blobs: BlobStore; scratch: ScratchSpace },
    private readonly examiner: Examiner,
    private readonly keyring: Keyring,
    private readonly labels: LabelProfiles,
    private readonly timeoutMs: number,
  ) {}

  async work(clip: Clip): Promise<Move> {
    const source = await this.files.blobs.localPath(clip.sourceSha256!);
    const marked = await this.files.scratch.file('mp4');
    try {
      const key = this.keyring.watermark[0]!.key;
      const label = await this.labels.of(clip.tenantId);
      const task = { input: source.path, output: marked.path, key, releaseId: clip.releaseId, label };
      const done = await this.examiner.run('mark', task, { timeoutMs: this.timeoutMs });
      const { sha256 } = await this.files.blobs.put(marked.path, { move: true });
      return {
        to: 'signing',
        actor: 'worker',
        patch: { markedSha256: sha256, label: done.label ? json(done.label) : Prisma.DbNull },
      };
    } finally {
      await source.release();
      await marked.dispose();
    }
  }
}
