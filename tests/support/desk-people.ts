import { newId, newReleaseId, sha256Hex } from '#kernel';
import type { Inspection } from '#contracts';
import { sealCase } from '#domain/child-safety';
import { packStills, type StillPictures } from '#domain/gate';
import { json } from '#platform/database';
import type { ApiParts } from '../../apps/api/parts.js';
import { PARTS } from '../../apps/api/tokens.js';
import { finding } from './cases.js';
import type { Desk } from './staff.js';

/** A film of few bytes. */
export const FILM = Buffer.from('A film of thirty-two bytes, all in.');

/** Pictures of a still, as far as a test of transport needs any. */
const STILLS: StillPictures[] = ['still_1', 'still_2'].map((id) => ({
  id,
  blurred: Buffer.from(`${id} blurred`),
  clear: Buffer.from(`${id} clear`),
}));

const model = { name: 'made-up', version: '1' };

function inspectionOf(stills: readonly StillPictures[]): Inspection {
  return {
    ...{ frames: stills.length, durationS: 4, texts: [], faces: [], matches: [], provider: 'none', models: [model] },
    speech: { state: 'silent', seconds: 0, utterances: [], models: [] },
    fingerprint: { algorithm: 'vpdq', hashes: [] },
    stills: stills.map(({ id }, i) => ({ id, atS: i, width: 320, height: 180 })),
    ...{ priority: 0.5, timings: {} },
  };
}

/** What a held clip is made of. */
interface HeldClip {
  prompt?: string;
  film?: Uint8Array;
  stills?: readonly StillPictures[];
}

/** Rows about children and likenesses in the database of a desk, without any engine. */
export class PeopleWorld {
  readonly parts: ApiParts;

  constructor(private readonly desk: Desk) {
    this.parts = desk.app.get<ApiParts>(PARTS);
  }

  private get db() {
    return this.desk.core.database;
  }

  async tenant(name: string): Promise<string> {
    const id = newId('ten');
    await this.db.tenant.create({ data: { id, name } });
    return id;
  }

  private async blob(bytes: Uint8Array): Promise<string> {
    async function* once() {
      yield bytes;
    }
    return (await this.desk.core.blobs.put(once())).sha256;
  }

  /** A finished clip that is held for what a made-up detector found in it. */
  async held(
    tenantId: string,
    { prompt = 'A grey stone', film = FILM, stills = STILLS }: HeldClip = {},
  ): Promise<string> {
    const id = newId('video');
    const maker = { id: newId('mak'), tenantId, externalId: `user-${id.slice(-4)}` };
    await this.db.maker.create({ data: maker });
    const record = await this.parts.policies.decide('clip', 'adult', [finding('made.up', 'violence', 0.6)], new Date());
    await this.db.clip.create({
      data: {
        ...{ id, tenantId, makerId: maker.id, state: 'held', heldAt: 'clip', model: 'scene', engine: 'scene', prompt },
        ...{ effectivePrompt: prompt, seconds: 4, size: '1280x720', seed: 's', audience: 'adult' },
        ...{
          releaseId: newReleaseId(),
          sourceSha256: await this.blob(film),
          stillsSha256: await this.blob(packStills(stills)),
        },
        ...{ decisions: json([record]), inspection: json(inspectionOf(stills)) },
      },
    });
    return id;
  }

  /** A case of child safety: a reviewer refused a held clip so, and its files are under seal. @returns id of the case */
  async safetyCase(tenantId: string, held: HeldClip = {}): Promise<string> {
    const clipId = await this.held(tenantId, held);
    const review = { outcome: 'refuse', category: 'sexual_minors', reason: 'Seen by a person.' } as const;
    await this.parts.heldClips.decide(tenantId, clipId, review, 'staff:stf_reader');
    const { id } = await this.db.safetyCase.findUniqueOrThrow({ where: { clipId } });
    const { database, blobs, subjectKeys: keys, clock } = this.desk.core;
    await sealCase({ database, blobs, keys, clock }, id);
    return id;
  }

  /** Somebody who lent their likeness to everybody, and the clips they are in. */
  async person(tenantId: string, { handle = null as string | null, user = 'mo', clips = [] as string[] } = {}) {
    const [id, grantId, makerId] = [newId('char'), newId('gra'), newId('mak')];
    await this.db.maker.create({ data: { id: makerId, tenantId, externalId: user } });
    await this.db.likenessPerson.create({
      data: {
        ...{
          id,
          tenantId,
          makerId,
          handle,
          noticeSha256: sha256Hex('notice'),
          noticeVersion: '1',
          releasedAt: new Date(),
        },
        keepUntil: new Date(Date.now() + 300 * 86_400_000),
      },
    });
    const limits = json({ no: ['violence', 'politics'], never: ['selling anything'] });
    await this.db.likenessGrant.create({
      data: { id: grantId, personId: id, audience: 'everyone', limits, places: ['FR'] },
    });
    const data = clips.map((clipId) => ({ clipId, personId: id, grantId, tenantId, how: 'asked' }));
    await this.db.likenessUse.createMany({ data });
    return { id, grantId };
  }

  /** An entry of the protected register that waits for its first review. */
  async entry(tenantId: string, names: string[], keyId = 'key_asker'): Promise<string> {
    const proof = 'A letter of the person, dated and signed.';
    const caller = { tenantId, keyId, scopes: ['register' as const] };
    const { id } = await this.parts.register.submit(caller, { kind: 'victim', names, proof, shared: false }, null);
    return id;
  }
}
