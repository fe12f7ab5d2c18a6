import type { ClipView, ListVideos, StatementOfReasons, VideoList } from '#contracts';
import type { Clip, Database } from '#platform/database';
import type { BlobStore } from '#platform/storage';
import { clipNotFound, ClipError } from './errors.js';
import type { GateMoves } from './moves.js';
import { statementView } from './statements.js';
import { clipView, videoView } from './view.js';

/** Reading and deleting a tenant's clips. */
export class Clips {
  constructor(
    private readonly database: Database,
    private readonly moves: GateMoves,
    private readonly blobs: BlobStore,
  ) {}

  /** @throws ClipError `video_not_found` for another tenant's clip as well */
  async get(tenantId: string, id: string): Promise<Clip> {
    const clip = await this.database.clip.findFirst({ where: { id, tenantId, state: { not: 'deleted' } } });
    if (!clip) throw clipNotFound(id);
    return clip;
  }

  /** A page of the tenant's clips by time of creation. Refused prompts are not videos and are left out. */
  async list(tenantId: string, query: ListVideos): Promise<VideoList> {
    const after = query.after ? await this.get(tenantId, query.after) : null;
    const past = query.order === 'desc' ? 'lt' : 'gt';
    const rows = await this.database.clip.findMany({
      where: {
        tenantId,
        state: { not: 'deleted' },
        NOT: { state: 'refused', heldAt: 'prompt', review: { equals: null as never } },
        ...(after && { id: { [past]: after.id } }),
      },
      orderBy: { id: query.order },
      take: query.limit + 1,
    });
    const data = rows.slice(0, query.limit).map(videoView);
    return {
      object: 'list',
      data,
      has_more: rows.length > query.limit,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    };
  }

  /** Everything known of a clip: state, history, signals, decisions, marks. */
  async inspect(tenantId: string, id: string): Promise<ClipView> {
    const clip = await this.get(tenantId, id);
    const [history, release, maker] = await Promise.all([
      this.database.auditEvent.findMany({ where: { subject: id, action: 'clip.transition' }, orderBy: { id: 'asc' } }),
      this.database.release.findUnique({ where: { clipId: id } }),
      clip.makerId ? this.database.maker.findUnique({ where: { id: clip.makerId } }) : null,
    ]);
    return clipView(clip, history, release, maker?.externalId ?? null);
  }

  /** The statement of reasons of a refusal. @throws ClipError `statement_not_found` */
  async statement(tenantId: string, id: string): Promise<StatementOfReasons> {
    const row = await this.database.statement.findFirst({ where: { id, tenantId } });
    if (!row)
      throw new ClipError('not_found', 'statement_not_found', `There is no statement of reasons ${id.slice(0, 80)}.`);
    return statementView(row);
  }

  /** Deletes a clip in any state; one on its way is stopped at its next step. The register keeps that it existed. */
  async remove(tenantId: string, id: string, actor: string): Promise<void> {
    await this.moves.apply(await this.get(tenantId, id), { to: 'deleted', actor });
  }

  /** Removes a deleted clip's files, except those that another clip shares. */
  async erase(id: string): Promise<void> {
    const clip = await this.database.clip.findUnique({ where: { id } });
    if (clip?.state !== 'deleted') return;
    const files = [
      clip.sourceSha256,
      clip.markedSha256,
      clip.signedSha256,
      clip.thumbnailSha256,
      clip.sheetSha256,
      clip.referenceSha256,
    ];
    for (const sha256 of files) if (sha256 && !(await this.shared(id, sha256))) await this.blobs.delete(sha256);
  }

  private async shared(id: string, sha256: string): Promise<boolean> {
    const columns = [
      'sourceSha256',
      'markedSha256',
      'signedSha256',
      'thumbnailSha256',
      'sheetSha256',
      'referenceSha256',
    ];
    const others = {
      id: { not: id },
      state: { not: 'deleted' as const },
      OR: columns.map((column) => ({ [column]: sha256 })),
    };
    return (await this.database.clip.count({ where: others })) > 0;
  }
}
