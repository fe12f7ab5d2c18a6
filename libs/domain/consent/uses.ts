import type { ListUses, Use, UseList } from '#contracts';
import { recordAudit } from '#platform/audit';
import type { Database, LikenessUse } from '#platform/database';
import { ConsentError } from './errors.js';
import type { ConsentParts } from './parts.js';
import { useView, type UseRow } from './rows.js';

/** Uses with their clips, makers and withdrawals, in the order given. */
export async function withClips(database: Database, uses: readonly LikenessUse[]): Promise<UseRow[]> {
  const ids = uses.map(({ clipId }) => clipId);
  const clips = await database.clip.findMany({ where: { id: { in: ids } } });
  const makerIds = clips.flatMap(({ makerId }) => (makerId === null ? [] : [makerId]));
  const makers = await database.maker.findMany({ where: { id: { in: makerIds } } });
  const withdrawals = await database.withdrawal.findMany({ where: { clipId: { in: ids } } });
  return uses.flatMap((use) => {
    const clip = clips.find(({ id }) => id === use.clipId);
    if (!clip) return [];
    const maker = makers.find(({ id }) => id === clip.makerId) ?? null;
    return [{ use, clip, maker, withdrawal: withdrawals.find(({ clipId }) => clipId === clip.id) ?? null }];
  });
}

/** Every clip that was made with somebody's likeness, for that person alone. */
export class LikenessUses {
  constructor(private readonly parts: Pick<ConsentParts, 'database' | 'clips' | 'stills' | 'refusal'>) {}

  /** A page of clips, newest first; drafts too. @throws ConsentError `use_not_found` for an unknown `after` */
  async list(personId: string, { limit, after }: ListUses): Promise<UseList> {
    const { database } = this.parts;
    const cursor = after === undefined ? null : await this.find(personId, after);
    const uses = await database.likenessUse.findMany({
      where: { personId },
      orderBy: [{ at: 'desc' }, { clipId: 'desc' }],
      take: limit + 1,
      ...(cursor && { cursor: { clipId_personId: { clipId: cursor.clipId, personId } }, skip: 1 }),
    });
    const rows = await withClips(database, uses.slice(0, limit));
    return { object: 'list', data: rows.map(useView), has_more: uses.length > limit };
  }

  /** One of them. @throws ConsentError `use_not_found` for clips of others as well */
  async get(personId: string, clipId: string): Promise<Use> {
    const [row] = await withClips(this.parts.database, [await this.find(personId, clipId)]);
    if (!row) throw useNotFound();
    return useView(row);
  }

  /**
   * A clear picture of a clip, WebP. Every look is put on record.
   * @param still the first one by default
   * @throws ConsentError `use_not_found`; ClipError `still_not_found`
   */
  async still(personId: string, clipId: string, still?: string): Promise<Uint8Array> {
    const use = await this.find(personId, clipId);
    const [first] = (await this.get(personId, clipId)).stills;
    return this.parts.stills.open(use.tenantId, clipId, still ?? first ?? '', 'clear', `person:${personId}`);
  }

  /**
   * Ends a clip: a released one is withdrawn, one on its way is refused. Again does no harm.
   * @throws ConsentError `use_not_found`: only clips with one's own likeness
   */
  async withdraw(personId: string, clipId: string): Promise<Use> {
    const { database, clips, refusal } = this.parts;
    const { tenantId } = await this.find(personId, clipId);
    const actor = `person:${personId}`;
    const changed = await clips.takeBack({ tenantId, id: clipId, actor }, 'all', refusal);
    if (changed) {
      const data = { clip: clipId };
      await database.$transaction((tx) =>
        recordAudit(tx, { tenantId, actor, action: 'consent.clip_ended', subject: personId, data }),
      );
    }
    return this.get(personId, clipId);
  }

  private async find(personId: string, clipId: string): Promise<LikenessUse> {
    const where = { clipId_personId: { clipId, personId } };
    const use = await this.parts.database.likenessUse.findUnique({ where });
    if (!use) throw useNotFound();
    return use;
  }
}

function useNotFound(): ConsentError {
  return new ConsentError('not_found', 'use_not_found', 'There is no such clip with your likeness.');
}
