import { Inspection, type StillView } from '#contracts';
import { recordAudit } from '#platform/audit';
import type { Database } from '#platform/database';
import { readBlob, type BlobStore } from '#platform/storage';
import { z } from 'zod';
import { ClipError, clipNotFound } from './errors.js';
import { assertUnsealed } from './safety.js';

/** A still in both views, WebP. */
export interface StillPictures {
  id: string;
  blurred: Uint8Array;
  clear: Uint8Array;
}

const base64 = z.string().transform((text) => Buffer.from(text, 'base64'));
const Bundle = z.record(z.string(), z.object({ blurred: base64, clear: base64 }));

/** All stills of a clip as one file: they are made, shared and erased together. */
export function packStills(stills: readonly StillPictures[]): Uint8Array {
  const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const entries = stills.map(({ id, blurred, clear }) => [id, { blurred: encode(blurred), clear: encode(clear) }]);
  return Buffer.from(JSON.stringify(Object.fromEntries(entries)));
}

/** Undoes {@link packStills}. @throws ZodError, SyntaxError for anything else */
export function unpackStills(bytes: Uint8Array): StillPictures[] {
  const bundle = Bundle.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  return Object.entries(bundle).map(([id, pictures]) => ({ id, ...pictures }));
}

/** Pictures of single moments for the people who decide about a clip, released or not. Never for its maker. */
export class EvidenceStills {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
  ) {}

  /**
   * One still as WebP. Every look at a clear one is put on record.
   * @param actor who looks, for the record
   * @throws ClipError `video_not_found`, `still_not_found`; StorageError when the stored file was altered
   */
  async open(tenantId: string, clipId: string, stillId: string, view: StillView, actor: string): Promise<Uint8Array> {
    const clip = await this.database.clip.findFirst({ where: { id: clipId, tenantId, state: { not: 'deleted' } } });
    if (!clip) throw clipNotFound(clipId);
    assertUnsealed(clip);
    const known = clip.inspection ? Inspection.parse(clip.inspection).stills : [];
    if (!clip.stillsSha256 || !known.some(({ id }) => id === stillId)) throw stillNotFound();
    const packed = await readBlob(this.blobs, clip.stillsSha256);
    const pictures = unpackStills(packed).find(({ id }) => id === stillId);
    if (!pictures) throw stillNotFound();
    if (view === 'clear') {
      const data = { still: stillId };
      await this.database.$transaction((tx) =>
        recordAudit(tx, { tenantId, actor, action: 'still.viewed', subject: clipId, data }),
      );
    }
    return pictures[view];
  }
}

function stillNotFound(): ClipError {
  return new ClipError(
    'not_found',
    'still_not_found',
    'This clip has no such still. Its inspection lists those there are.',
    {
      param: 'still',
    },
  );
}
