import { Clips, type PromptRefusedError } from '#domain/gate';
import { databaseRegister } from '#domain/provenance';
import type { Clip } from '#platform/database';
import { GateHarness } from '../support/gate.js';

let gate: GateHarness;
let clip: Clip;
let clips: Clips;

beforeAll(async () => {
  gate = await GateHarness.open();
  clips = new Clips(gate.core.database, gate.moves, gate.core.blobs);
  clip = await gate.drive((await gate.admit()).id);
});
afterAll(() => gate.close());

const withdraw = (id: string, reason: 'maker' | 'consent' | 'policy' | 'legal', tenant = gate.caller.tenantId) =>
  clips.withdraw(tenant, id, { reason }, 'key:test');

describe('withdrawing a release', () => {
  it('is for releases, and for their own tenant', async () => {
    const other = await gate.admit();
    await expect(withdraw(other.id, 'maker')).rejects.toMatchObject({ kind: 'conflict', code: 'video_not_released' });
    await expect(withdraw(clip.id, 'maker', 'ten_other')).rejects.toMatchObject({ code: 'video_not_found' });
    expect(await gate.core.database.withdrawal.count()).toBe(0);
  });

  it('ends the release once, however often and by whomever it is asked at the same time', async () => {
    await Promise.all([withdraw(clip.id, 'consent'), withdraw(clip.id, 'consent'), withdraw(clip.id, 'consent')]);
    await withdraw(clip.id, 'legal');
    expect((await gate.clip(clip.id)).state).toBe('withdrawn');
    expect(await gate.core.database.withdrawal.findMany()).toMatchObject([
      { releaseId: clip.releaseId, clipId: clip.id, reason: 'consent', actor: 'key:test' },
    ]);
    const said = await gate.core.database.auditEvent.findMany({ where: { subject: clip.id, toState: 'withdrawn' } });
    expect(said).toHaveLength(1);
  });

  it('serves its bytes no more, and says so', async () => {
    for (const variant of ['video', 'thumbnail', 'spritesheet'] as const) {
      await expect(gate.content.open(gate.caller.tenantId, clip.id, variant)).rejects.toMatchObject({
        kind: 'gone',
        code: 'video_withdrawn',
      });
    }
  });

  it('erases its files here and keeps the record of the release', async () => {
    const { signedSha256, sourceSha256, manifestSha256 } = clip;
    expect(await gate.core.blobs.stat(signedSha256!)).not.toBeNull();
    await clips.erase(clip.id);
    expect(await gate.core.blobs.stat(signedSha256!)).toBeNull();
    expect(await gate.core.blobs.stat(sourceSha256!)).toBeNull();
    expect(await gate.core.blobs.stat(manifestSha256!)).not.toBeNull();
    expect(await gate.clip(clip.id)).toMatchObject({ state: 'withdrawn', signedSha256: null, inspection: null });
    expect(await gate.core.database.release.count({ where: { clipId: clip.id } })).toBe(1);
  });

  it('is known to the register from then on, however the release is named', async () => {
    const ask = databaseRegister(gate.core.database);
    const nothing = { sha256: '0'.repeat(64), manifestId: null, watermarkId: null };
    const { releaseId, manifestId, signedSha256 } = clip;
    const withdrawn = { id: releaseId, withdrawnAt: expect.stringMatching(/^\d{4}-.*Z$/) as string };
    expect(await ask({ ...nothing, sha256: signedSha256! })).toMatchObject({ bytes: withdrawn });
    expect(await ask({ ...nothing, manifestId })).toMatchObject({ bytes: null, manifest: withdrawn });
    expect(await ask({ ...nothing, watermarkId: releaseId })).toMatchObject({ watermark: withdrawn });
    expect(await ask({ ...nothing, releaseIds: [releaseId] })).toMatchObject({ watermark: null, named: [withdrawn] });
  });

  it('can be deleted afterwards: the withdrawal stays, what the log commits to is forgotten', async () => {
    const salts = () =>
      gate.core.database.logSalt.count({ where: { dedupeKey: { startsWith: `release:${clip.releaseId}:` } } });
    expect(await salts()).toBeGreaterThan(0);
    await clips.remove(gate.caller.tenantId, clip.id, 'key:test');
    await clips.erase(clip.id);
    expect(await salts()).toBe(0);
    await expect(gate.content.open(gate.caller.tenantId, clip.id, 'video')).rejects.toMatchObject({
      code: 'video_not_found',
    });
    expect(await gate.core.database.withdrawal.count()).toBe(1);
  });

  it('leaves the commitment of a refusal until its clip is deleted', async () => {
    const { database } = gate.core;
    const refused = (await gate
      .admit({ prompt: 'Hardcore porn, explicit sex scene, naked woman, xxx' })
      .catch((e: unknown) => e)) as PromptRefusedError;
    const statement = await database.statement.findFirstOrThrow({ where: { clipId: refused.clipId } });
    const salts = () => database.logSalt.count({ where: { dedupeKey: `decision:${statement.id}` } });
    expect(await salts()).toBe(1);
    await clips.erase(refused.clipId);
    expect(await salts()).toBe(1);
    await clips.remove(gate.caller.tenantId, refused.clipId, 'key:test');
    await clips.erase(refused.clipId);
    expect(await salts()).toBe(0);
  });

  it('is held by the database too: a withdrawal is neither changed nor undone', async () => {
    const sql = gate.core.database;
    await expect(sql.$executeRaw`UPDATE withdrawals SET reason = 'maker'`).rejects.toThrow(/append-only/);
    await expect(sql.$executeRaw`DELETE FROM withdrawals`).rejects.toThrow(/append-only/);
  });
});
