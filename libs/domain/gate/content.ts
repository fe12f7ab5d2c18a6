import type { Readable } from 'node:stream';
import type { ContentVariant } from '#contracts';
import type { Clip, Database } from '#platform/database';
import type { BlobStore } from '#platform/storage';
import { ClipError, clipNotFound } from './errors.js';
import { assertUnsealed } from './safety.js';

/** A file that may leave the service. */
export interface OpenContent {
  stream: Readable;
  bytes: number;
  sha256: string;
  contentType: string;
}

const TYPES: Record<ContentVariant, string> = {
  video: 'video/mp4',
  thumbnail: 'image/webp',
  spritesheet: 'image/jpeg',
};

/** The only door through which bytes of a clip leave. */
export class ReleasedContent {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
  ) {}

  /**
   * Opens a file of a released clip. The bytes are hashed again before the first one is served (invariant 1).
   * @throws ClipError when there is no release; StorageError `blob_corrupt` when the stored bytes were altered
   */
  async open(tenantId: string, clipId: string, variant: ContentVariant): Promise<OpenContent> {
    const clip = await this.database.clip.findFirst({ where: { id: clipId, tenantId }, include: { release: true } });
    if (!clip || clip.state === 'deleted') throw clipNotFound(clipId);
    assertUnsealed(clip);
    const { release } = clip;
    if (clip.state !== 'released' || !release) throw notReady(clip);
    const sha256 = { video: release.assetSha256, thumbnail: clip.thumbnailSha256, spritesheet: clip.sheetSha256 }[
      variant
    ];
    if (!sha256)
      throw new ClipError('not_found', 'variant_not_found', `This video has no ${variant}.`, { param: 'variant' });
    const stat = await this.blobs.stat(sha256);
    if (!stat) throw new ClipError('not_found', 'content_not_found', 'The file of this video is no longer stored.');
    return { stream: await this.blobs.open(sha256), bytes: stat.bytes, sha256, contentType: TYPES[variant] };
  }
}

function notReady(clip: Clip): ClipError {
  if (clip.state === 'withdrawn') {
    return new ClipError(
      'gone',
      'video_withdrawn',
      'This video was withdrawn after its release. It is served no more.',
      {
        param: 'video_id',
      },
    );
  }
  if (clip.state === 'refused' || clip.state === 'failed') {
    return new ClipError('invalid', 'video_not_available', 'This video was not released, so it has no content.', {
      param: 'video_id',
    });
  }
  return new ClipError(
    'invalid',
    'video_not_ready',
    'This video is not completed yet. Retrieve it until its status is completed.',
    { param: 'video_id' },
  );
}
