import { CredentialsFinding, Inspection, WatermarkFinding } from '#contracts';
import { AppError } from '#kernel';
import type { Move } from '#domain/gate';
import { rememberFingerprint } from '#domain/hash-banks';
import { keepFingerprints } from '#domain/provenance';
import { releaseKey, type TransparencyLog } from '#domain/transparency';
import { json, type Clip, type Transaction } from '#platform/database';
import { z } from 'zod';
import type { StepGuard } from './guard.js';
import { holdForMarks } from './hold.js';
import type { Step } from './step.js';

/** What was read back from the signed file, kept until the release is written. */
export const ReadBack = z.object({
  assetBytes: z.number().int(),
  watermark: WatermarkFinding,
  credentials: CredentialsFinding,
  /** What copies of it are recognised by, base64 of the stored forms. */
  prints: z.object({ picture: z.base64(), sound: z.base64().nullable() }),
});
export type ReadBack = z.infer<typeof ReadBack>;

/**
 * Waits until the leaf of the clip is in a published checkpoint of the public log, and only then writes the release
 * (invariant 1).
 */
export class LogStep implements Step {
  readonly name = 'log';
  readonly from = ['logging'] as const;
  /** Waiting for witnesses is no fault of the clip. */
  readonly mostStarts = 40;
  readonly fail = (_clip: Clip, error: unknown) => holdForMarks(error);

  constructor(
    private readonly log: Pick<TransparencyLog, 'settle'>,
    private readonly guard: Pick<StepGuard, 'releasing'>,
  ) {}

  async work(clip: Clip): Promise<Move> {
    const { releaseId, signedSha256: sha256, manifestId } = clip;
    const index = await this.log.settle(releaseKey({ releaseId, manifestSha256: clip.manifestSha256! }));
    if (index === null) {
      throw new AppError(
        'unavailable',
        'leaf_not_published',
        'The entry of this clip is not in a published checkpoint of the log yet.',
      );
    }
    return {
      to: 'released',
      actor: 'worker',
      data: { releaseId, sha256, manifestId, logIndex: index },
      within: async (tx) => {
        await this.guard.releasing(tx, clip);
        await writeRelease(tx, clip, ReadBack.parse(clip.readBack), index);
      },
    };
  }
}

async function writeRelease(tx: Transaction, clip: Clip, read: ReadBack, index: number): Promise<void> {
  const { assetBytes, watermark, credentials, prints } = read;
  await tx.release.create({
    data: {
      id: clip.releaseId,
      clipId: clip.id,
      tenantId: clip.tenantId,
      assetSha256: clip.signedSha256!,
      assetBytes,
      manifestId: clip.manifestId!,
      manifestSha256: clip.manifestSha256!,
      watermarkRead: watermark.releaseId!,
      watermarkZ: watermark.z!,
      watermarkFrames: watermark.framesUsed,
      credentialsRead: credentials.state,
      evidence: json({ watermark, credentials }),
      logIndex: BigInt(index),
    },
  });
  // Copies of it are known again.
  await keepFingerprints(tx, clip.releaseId, {
    picture: Buffer.from(prints.picture, 'base64'),
    sound: prints.sound === null ? null : Buffer.from(prints.sound, 'base64'),
  });
  if (clip.inspection)
    await rememberFingerprint(tx, 'own_releases', clip, Inspection.parse(clip.inspection).fingerprint);
}
