import type { SeenTemplate } from '#domain/examination';
import type { Clip, Database, Transaction } from '#platform/database';
import type { Sealer } from '#platform/keys';
import { z } from 'zod';

const Kept = z.array(z.object({ face: z.string(), bytes: z.base64() }));

const contextOf = (clipId: string) => `clip-faces:${clipId}`;

/** The faces of clips on their way, sealed; the database forgets them when the way ends. */
export class KeptFaces {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Number of the newest change of the register that may concern a face; 0 when there is none. */
  async newestChange(tx: Pick<Transaction, 'likenessChange'> = this.database): Promise<bigint> {
    const newest = await tx.likenessChange.findFirst({
      where: { change: 'added' },
      orderBy: { seq: 'desc' },
      select: { seq: true },
    });
    return newest?.seq ?? 0n;
  }

  /** Keeps the faces of a clip with what they were compared with. Without faces there is nothing to compare again. */
  async keep(tx: Transaction, clip: Pick<Clip, 'id' | 'tenantId'>, faces: readonly SeenTemplate[], seq: bigint) {
    const plain = faces.map(({ face, bytes }) => ({ face, bytes: Buffer.from(bytes).toString('base64') }));
    await tx.clipFaces.deleteMany({ where: { clipId: clip.id } });
    if (faces.length === 0) return;
    const sealed = this.sealer.seal(JSON.stringify(plain), contextOf(clip.id));
    await tx.clipFaces.create({ data: { clipId: clip.id, tenantId: clip.tenantId, sealed, seq } });
  }

  /** The change that a clip's faces were compared with; null when it has no faces. */
  async comparedWith(clipId: string, tx: Pick<Transaction, 'clipFaces'> = this.database): Promise<bigint | null> {
    const row = await tx.clipFaces.findUnique({ where: { clipId }, select: { seq: true } });
    return row?.seq ?? null;
  }

  /** @throws KeyError when they do not open */
  async open(clipId: string): Promise<SeenTemplate[]> {
    const row = await this.database.clipFaces.findUniqueOrThrow({ where: { clipId } });
    const plain = Kept.parse(JSON.parse(this.sealer.open(row.sealed, contextOf(clipId)).toString('utf8')));
    return plain.map(({ face, bytes }) => ({ face, bytes: new Uint8Array(Buffer.from(bytes, 'base64')) }));
  }

  /** Notes that they were compared with everything up to a change. */
  async compared(clipId: string, seq: bigint, tx: Pick<Transaction, 'clipFaces'> = this.database): Promise<void> {
    await tx.clipFaces.updateMany({ where: { clipId }, data: { seq } });
  }
}
