import { AppError } from '#kernel';
import type { CredentialsFinding, WatermarkFinding } from '#contracts';
import type { TrustSettings } from '#engines/credentials';
import { PRINT_ALGORITHM } from '#engines/fingerprint';
import type { Examiner } from '#domain/examination';
import { promiseRelease } from '#domain/transparency';
import { json, type Clip, type Database } from '#platform/database';
import type { Keyring } from '#platform/keys';
import { once, type BlobStore } from '#platform/storage';
import type { Move } from '#domain/gate';
import { holdForMarks } from './hold.js';
import type { ReadBack } from './log.js';
import type { Step } from './step.js';

/** A mark did not read back from the finished file. */
export class RereadError extends AppError {
  constructor(code: string, message: string) {
    super('internal', code, message);
  }
}

/**
 * Reads both marks back from the very bytes that would leave, and only then promises their entry in the public log
 * (invariant 1).
 */
export class RereadStep implements Step {
  readonly name = 'reread';
  readonly from = ['rereading'] as const;
  readonly fail = (_clip: Clip, error: unknown) => holdForMarks(error);

  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly examiner: Examiner,
    private readonly keyring: Keyring,
    private readonly trust: () => TrustSettings,
    private readonly timeoutMs: number,
  ) {}

  async work(clip: Clip): Promise<Move> {
    const sha256 = clip.signedSha256!;
    const { path, release } = await this.blobs.localPath(sha256);
    try {
      const keys = this.keyring.watermark.map(({ key }) => key);
      const task = { path, keys, trust: this.trust() };
      const read = await this.examiner.run('reread', task, { timeoutMs: this.timeoutMs });
      const { watermark, credentials, prints } = read;
      assertReadBack(clip, watermark, credentials);
      const thumbnail = await this.blobs.put(once(read.thumbnail));
      const sheet = await this.blobs.put(once(read.sheet));
      // What was read must still be what is stored under this hash.
      if (!(await this.blobs.verify(sha256)))
        throw new RereadError('asset_altered', 'The signed file changed while it was being read back.');
      const assetBytes = (await this.blobs.stat(sha256))!.bytes;
      const parents = await this.parentsOf(clip);
      return {
        to: 'logging',
        actor: 'worker',
        patch: {
          thumbnailSha256: thumbnail.sha256,
          sheetSha256: sheet.sha256,
          readBack: json({
            assetBytes,
            watermark,
            credentials,
            prints: { picture: base64(prints.picture), sound: prints.sound && base64(prints.sound) },
          } satisfies ReadBack),
        },
        data: { releaseId: clip.releaseId, sha256, manifestId: clip.manifestId, watermarkZ: watermark.z },
        within: (tx) =>
          promiseRelease(tx, {
            releaseId: clip.releaseId,
            manifestId: clip.manifestId!,
            manifestSha256: clip.manifestSha256!,
            assetSha256: sha256,
            signerCertSha256: credentials.signerCertificateSha256!,
            parents,
            bindings: [
              { alg: PRINT_ALGORITHM.picture, value: prints.picture },
              ...(prints.sound ? [{ alg: PRINT_ALGORITHM.sound, value: prints.sound }] : []),
            ],
          }),
      };
    } finally {
      await release();
    }
  }

  /** Manifest of the clip that this one was made from. */
  private async parentsOf({ remixedFrom }: Clip): Promise<string[]> {
    if (!remixedFrom) return [];
    const parent = await this.database.release.findUniqueOrThrow({ where: { clipId: remixedFrom } });
    return [parent.manifestId];
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function assertReadBack(clip: Clip, watermark: WatermarkFinding, credentials: CredentialsFinding): void {
  if (watermark.state !== 'found' || watermark.releaseId !== clip.releaseId) {
    throw new RereadError(
      'watermark_not_read_back',
      `The watermark did not read back: ${watermark.state}, z ${watermark.z?.toFixed(1) ?? 'none'}.`,
    );
  }
  const fits = credentials.softBinding === clip.releaseId && credentials.manifestId === clip.manifestId;
  if (credentials.state !== 'ours' || !fits) {
    throw new RereadError(
      'credentials_not_read_back',
      `The credentials did not read back: ${credentials.state}${fits ? '' : ', other identifiers'}.`,
    );
  }
}
