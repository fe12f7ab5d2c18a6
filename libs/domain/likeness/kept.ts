import type { SeenTemplate } from '#domain/examination';
import type { Clip, Database, Transaction } from '#platform/database';
import { newId } from '#kernel';
import { KeyError, type SubjectKeys } from '#platform/keys';
import { z } from 'zod';

const Kept = z.array(z.object({ face: z.string(), bytes: z.base64() }));

const contextOf = (clipId: string) => `clip-faces:${clipId}`;

/** Stands before every change: the faces were found, and compared with nobody. */
export const NOT_COMPARED = -1n;

/**
 * The faces of clips on their way, each clip's sealed with a key of its own outside the database. The database forgets them
 * when the way ends, and has their key destroyed (`spent_keys`): no older copy of it opens them afterwards.
 */
export class KeptFaces {
  constructor(
    private readonly database: Database,
    private readonly keys: Pick<SubjectKeys, 'create' | 'open'>,
  ) {}

  /** Number of the newest change of the register that may concern a face or a name; 0 when there is none. */
  async newestChange(tx: Pick<Transaction, 'likenessChange'> = this.database): Promise<bigint> {
    const newest = await tx.likenessChange.findFirst({
      where: { change: 'added' },
      orderBy: { seq: 'desc' },
      select: { seq: true },
    });
    return newest?.seq ?? 0n;
  }

  /**
   * Keeps the faces of a clip, if only to say that it has none, with what they were compared with.
   * @param seq NOT_COMPARED when the comparison failed
   */
  async keep(tx: Transaction, clip: Pick<Clip, 'id' | 'tenantId'>, faces: readonly SeenTemplate[], seq: bigint) {
    const plain = faces.map(({ face, bytes }) => ({ face, bytes: Buffer.from(bytes).toString('base64') }));
    await tx.clipFaces.deleteMany({ where: { clipId: clip.id } });
    // Never the key of faces that were kept before: that one is spent by now.
    const keyId = newId('faces');
    const sealed = (await this.keys.create(keyId)).seal(JSON.stringify(plain), contextOf(clip.id));
    await tx.clipFaces.create({ data: { clipId: clip.id, tenantId: clip.tenantId, sealed, keyId, seq } });
  }

  /** The change that a clip's faces were compared with; null when nobody looked for faces. */
  async comparedWith(clipId: string, tx: Pick<Transaction, 'clipFaces'> = this.database): Promise<bigint | null> {
    const row = await tx.clipFaces.findUnique({ where: { clipId }, select: { seq: true } });
    return row?.seq ?? null;
  }

  /** @throws KeyError when they do not open */
  async open(clipId: string): Promise<SeenTemplate[]> {
    const row = await this.database.clipFaces.findUniqueOrThrow({ where: { clipId } });
    const key = row.keyId === null ? null : await this.keys.open(row.keyId);
    if (!key) {
      throw new KeyError('clip_faces_unreadable', 'The faces of this clip have no key any more. Have it made anew.');
    }
    const plain = Kept.parse(JSON.parse(key.open(row.sealed, contextOf(clipId)).toString('utf8')));
    return plain.map(({ face, bytes }) => ({ face, bytes: new Uint8Array(Buffer.from(bytes, 'base64')) }));
  }

  /** Notes that they were compared with everything up to a change. */
  async compared(clipId: string, seq: bigint, tx: Pick<Transaction, 'clipFaces'> = this.database): Promise<void> {
    await tx.clipFaces.updateMany({ where: { clipId }, data: { seq } });
  }
}
