import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { MediaError } from '#engines/media';
import { PromptRefusedError, readDecisions, StaleClipError, TRANSITIONS } from '#domain/gate';
import type { Clip } from '#platform/database';
import { SandboxError } from '#platform/sandbox';
import { GateHarness, synthetic } from '../support/gate.js';
import { looked } from '../support/looked.js';

let gate: GateHarness;

beforeAll(async () => {
  gate = await GateHarness.open();
});
afterAll(() => gate.close());
beforeEach(() => {
  gate.faults = {};
});

const events = (id: string) =>
  gate.core.database.auditEvent.findMany({ where: { subject: id, action: 'clip.transition' }, orderBy: { id: 'asc' } });
const releases = (clipId: string) => gate.core.database.release.count({ where: { clipId } });
const promised = (dedupeKey: string) => gate.core.database.outbox.count({ where: { dedupeKey } });
const bytesOf = async (id: string) => {
  const { stream } = await gate.content.open(gate.caller.tenantId, id, 'video');
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

describe('invariant 1: no byte without a release of exactly these bytes', () => {
  let released: Clip;

  it('releases a clip only at the end of the way, and serves nothing before', async () => {
    let clip = await gate.admit();
    const way: string[] = [clip.state];
    while (clip.state !== 'released') {
      await expect(gate.content.open(gate.caller.tenantId, clip.id, 'video')).rejects.toMatchObject({
        code: 'video_not_ready',
      });
      expect(await releases(clip.id)).toBe(0);
      clip = await gate.step(clip.id);
      way.push(clip.state);
    }
    released = clip;
    expect(way).toEqual(['queued', 'inspecting', 'marking', 'signing', 'rereading', 'logging', 'released']);
    expect((await events(clip.id)).map(({ toState }) => toState)).toEqual([
      'queued',
      'generating',
      'inspecting',
      'marking',
      'signing',
      'rereading',
      'logging',
      'released',
    ]);
    expect(await releases(clip.id)).toBe(1);
    expect(Object.keys(clip.timings as object).sort()).toEqual([
      'generate',
      'inspect',
      'log',
      'mark',
      'reread',
      'sign',
    ]);
  });

  it('serves the very bytes that were read back', async () => {
    const release = await gate.core.database.release.findUniqueOrThrow({ where: { clipId: released.id } });
    const { sha256Hex } = await import('#kernel');
    expect(sha256Hex(await bytesOf(released.id))).toBe(release.assetSha256);
    expect(release).toMatchObject({
      id: released.releaseId,
      watermarkRead: released.releaseId,
      credentialsRead: 'ours',
    });
  });

  it('does not serve another tenant', async () => {
    await expect(gate.content.open('ten_other', released.id, 'video')).rejects.toMatchObject({
      code: 'video_not_found',
    });
  });

  it('serves nothing of stored bytes that were altered after release', async () => {
    const path = await gate.blobPath(released.signedSha256!);
    const good = await readFile(path);
    const bad = Buffer.from(good);
    bad[bad.length >> 1]! ^= 1;
    await writeFile(path, bad).catch(() => undefined);
    await expect(bytesOf(released.id)).rejects.toMatchObject({ code: 'blob_corrupt' });
    await writeFile(path, good);
    expect((await bytesOf(released.id)).length).toBe(good.length);
  });

  it('is held by the database too: no release without marks, no released state without release, no rewriting', async () => {
    const sql = gate.core.database;
    const row = await sql.release.findUniqueOrThrow({ where: { clipId: released.id } });
    const other = await gate.drive((await gate.admit()).id, 'logging');
    const forged = {
      ...row,
      evidence: {},
      id: other.releaseId,
      clipId: other.id,
      assetSha256: other.signedSha256!,
      manifestId: other.manifestId!,
      manifestSha256: other.manifestSha256!,
    };
    await expect(sql.release.create({ data: forged })).rejects.toThrow(/not in the published log/);
    await gate.parts.log.advance();
    const { idx } = await sql.logLeafRow.findFirstOrThrow({ orderBy: { idx: 'desc' } });
    const logged = { ...forged, logIndex: idx };
    const otherFile = { ...logged, watermarkRead: other.releaseId, assetSha256: row.assetSha256 };
    await expect(sql.release.create({ data: otherFile })).rejects.toThrow(/not in the published log/);
    await expect(sql.release.create({ data: logged })).rejects.toThrow(/watermark_read_back/);
    await expect(
      sql.release.create({ data: { ...logged, watermarkRead: other.releaseId, credentialsRead: 'damaged' } }),
    ).rejects.toThrow(/credentials_read_back/);
    await expect(sql.clip.update({ where: { id: other.id }, data: { state: 'released' } })).rejects.toThrow(
      /no release of its bytes/,
    );
    await expect(sql.$executeRaw`UPDATE releases SET asset_sha256 = 'x'`).rejects.toThrow(/append-only/);
    await expect(sql.$executeRaw`DELETE FROM releases`).rejects.toThrow(/append-only/);
    await expect(sql.$executeRaw`DELETE FROM audit_events`).rejects.toThrow(/append-only/);
    await expect(sql.$executeRaw`TRUNCATE audit_events`).rejects.toThrow(/append-only/);
  });

  it('holds a clip whose mark does not read back', async () => {
    gate.faults.mark = async ({ input, output }) => {
      await copyFile(input, output); // a marker that does nothing
      return { frames: 1, durationS: 1 };
    };
    const clip = await gate.drive((await gate.admit()).id);
    expect(clip).toMatchObject({ state: 'held', heldAt: 'marks', errorCode: 'watermark_not_read_back' });
    expect(await releases(clip.id)).toBe(0);
  });

  it('holds a clip that carries another id than its own', async () => {
    gate.faults.mark = (payload) => gate.unfaulted('mark', { ...payload, releaseId: '0123456789abcdef' });
    const clip = await gate.drive((await gate.admit()).id);
    expect(clip).toMatchObject({ state: 'held', errorCode: 'watermark_not_read_back' });
  });

  it('holds a clip whose bytes were altered after signing', async () => {
    const { id, signedSha256 } = await gate.drive((await gate.admit()).id, 'rereading');
    const path = await gate.blobPath(signedSha256!);
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
    const clip = await gate.drive(id);
    expect(clip).toMatchObject({ state: 'held', heldAt: 'marks' });
    expect(await releases(id)).toBe(0);
  });
});

describe('invariant 2: fail closed', () => {
  const inspectFault = async (error: Error) => {
    gate.faults.inspect = () => Promise.reject(error);
    return gate.drive((await gate.admit()).id);
  };

  it.each([
    ['throws', new Error('tensor shape')],
    ['runs out of time', new SandboxError('sandbox_timeout', 'too long')],
    ['crashes', new SandboxError('sandbox_crashed', 'signal 11')],
    ['decodes no frame', new MediaError('media_empty', 'no frame could be decoded')],
  ])('holds when the inspection %s', async (_what, error) => {
    const clip = await inspectFault(error);
    expect(clip).toMatchObject({ state: 'held', heldAt: 'clip' });
    const last = readDecisions(clip.decisions).at(-1)!;
    expect(last.decision.outcome).toBe('hold');
    // A person reads what could not be done, in their language.
    expect(last.decision.reasons[0]?.note).toEqual({
      en: expect.any(String) as string,
      fr: expect.any(String) as string,
    });
    expect(last.signals.every(({ state, score }) => state === 'unable' && score === null)).toBe(true);
  });

  it('holds when the detector gives no signal at all', async () => {
    gate.faults.inspect = async () => looked({ signals: [] });
    expect(await gate.drive((await gate.admit()).id)).toMatchObject({ state: 'held', heldAt: 'clip' });
  });

  it('tries again before it holds', async () => {
    const clip = await gate.drive((await gate.admit()).id, 'inspecting');
    gate.faults.inspect = () => Promise.reject(new Error('passing trouble'));
    await expect(gate.step(clip.id, false)).rejects.toThrow('passing trouble');
    gate.faults = {};
    expect((await gate.step(clip.id)).state).toBe('marking');
  });

  it('holds a prompt that the text model could not read', async () => {
    const model = gate.textModel;
    gate.textModel = () => {
      throw new Error('weights are gone');
    };
    const clip = await gate.admit();
    gate.textModel = model;
    expect(clip).toMatchObject({ state: 'held', heldAt: 'prompt' });
  });

  it('gives up a step that keeps killing its worker', async () => {
    const clip = await gate.drive((await gate.admit()).id, 'marking');
    await gate.core.database.clip.update({ where: { id: clip.id }, data: { attempts: 50 } });
    expect(await gate.step(clip.id)).toMatchObject({ state: 'held', errorCode: 'step_keeps_failing' });
  });

  it('refuses on a synthetic signal, with a statement of reasons, and gives the credits back', async () => {
    await gate.core.database.tenant.update({ where: { id: gate.caller.tenantId }, data: { credits: 4 } });
    const clip = await gate.drive((await gate.admit({}, { injected: [synthetic(0.99)] })).id);
    expect(clip.state).toBe('refused');
    const statement = await gate.core.database.statement.findUniqueOrThrow({ where: { id: clip.statementId! } });
    expect(statement.categories).toContain('graphic_violence');
    expect(statement.textFr.length).toBeGreaterThan(50);
    const tenant = await gate.core.database.tenant.update({
      where: { id: gate.caller.tenantId },
      data: { credits: null },
    });
    expect(tenant).toBeTruthy();
    const ledger = await gate.core.database.creditEntry.findMany({
      where: { clipId: clip.id },
      orderBy: { id: 'asc' },
    });
    expect(ledger.map(({ seconds, reason }) => [seconds, reason])).toEqual([
      [-4, 'generation'],
      [4, 'refund'],
    ]);
  });
});

describe('invariant 3: one transaction', () => {
  it('changes nothing when any part of a move fails', async () => {
    const clip = await gate.admit();
    const before = (await events(clip.id)).length;
    const within = () => Promise.reject(new Error('the last write fails'));
    await expect(gate.moves.apply(clip, { to: 'generating', actor: 'test', within })).rejects.toThrow(
      'the last write fails',
    );
    expect(await gate.clip(clip.id)).toMatchObject({ state: 'queued', version: clip.version });
    expect(await events(clip.id)).toHaveLength(before);
  });

  it('promises the next job with the state, or not at all', async () => {
    const clip = await gate.admit();
    expect(await promised(`${clip.id}-v0`)).toBe(1);
    const full = { to: 'deleted', actor: 'test', within: () => Promise.reject(new Error('no')) } as const;
    await expect(gate.moves.apply(clip, full)).rejects.toThrow('no');
    expect(await promised(`${clip.id}-erase`)).toBe(0);
  });

  it('files no clip when its credits are short', async () => {
    await gate.core.database.tenant.update({ where: { id: gate.caller.tenantId }, data: { credits: 3 } });
    const before = await gate.core.database.clip.count();
    await expect(gate.admit()).rejects.toMatchObject({ code: 'insufficient_credits' });
    expect(await gate.core.database.clip.count()).toBe(before);
    await gate.core.database.tenant.update({ where: { id: gate.caller.tenantId }, data: { credits: null } });
  });

  it('spends the last credit once when two ask at the same moment', async () => {
    await gate.core.database.tenant.update({ where: { id: gate.caller.tenantId }, data: { credits: 4 } });
    const results = await Promise.allSettled([gate.admit(), gate.admit(), gate.admit()]);
    await gate.core.database.tenant.update({ where: { id: gate.caller.tenantId }, data: { credits: null } });
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('invariant 5: replayable', () => {
  it('takes every stored decision again with the same result', async () => {
    const clip = await gate.drive((await gate.admit({}, { injected: [synthetic(0.6)] })).id);
    const replayed = await gate.policies.replay(clip);
    expect(replayed.map(({ stored }) => stored.stage)).toEqual(['prompt', 'clip']);
    for (const { stored, repeated } of replayed) expect(repeated).toEqual(stored);
  });

  it('would notice a signal that was changed afterwards', async () => {
    const clip = await gate.drive((await gate.admit({}, { injected: [synthetic(0.99)] })).id);
    const records = readDecisions(clip.decisions);
    for (const signal of records[1]!.signals) if (signal.synthetic) signal.score = 0;
    const [, forged] = await gate.policies.replay({ ...clip, decisions: records });
    expect(forged!.repeated).not.toEqual(forged!.stored);
  });
});

describe('invariant 8: once, whatever happens twice', () => {
  it.each(['queued', 'inspecting', 'marking', 'signing', 'rereading', 'logging'] as const)(
    'moves a clip once when its %s step runs twice at the same time',
    async (state) => {
      const { id } = await gate.drive((await gate.admit()).id, state);
      const before = (await events(id)).length;
      const step = gate.stepOf(await gate.clip(id));
      const run = () => gate.parts.runner.run(step, id, { attempt: 1, last: true });
      await Promise.all([run(), run()]);
      const after = (await events(id)).slice(before).map(({ toState }) => toState);
      expect(after).toEqual(state === 'queued' ? ['generating', 'inspecting'] : [TRANSITIONS[state][0]]);
      expect(await releases(id)).toBe(state === 'logging' ? 1 : 0);
      const clip = await gate.clip(id);
      if (state !== 'logging') expect(await promised(`${id}-v${clip.version}`)).toBe(1);
    },
  );

  it('does nothing when a step comes again after it was done', async () => {
    const clip = await gate.drive((await gate.admit()).id, 'marking');
    await gate.parts.runner.run(gate.parts.steps.inspect, clip.id, { attempt: 1, last: true });
    expect(await gate.clip(clip.id)).toMatchObject({ state: 'marking', version: clip.version });
  });

  it('lets only one of two movers win', async () => {
    const clip = await gate.admit();
    const results = await Promise.allSettled([
      gate.moves.apply(clip, { to: 'generating', actor: 'a' }),
      gate.moves.apply(clip, { to: 'deleted', actor: 'b' }),
    ]);
    const lost = results.filter((result) => result.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(lost[0]!.reason).toBeInstanceOf(StaleClipError);
  });

  it('refuses moves that the state machine does not know', async () => {
    const clip = await gate.admit();
    await expect(gate.moves.apply(clip, { to: 'released', actor: 'test' })).rejects.toMatchObject({
      code: 'clip_state',
    });
  });

  it('stops a clip that was deleted while a step ran', async () => {
    const { id } = await gate.drive((await gate.admit()).id, 'marking');
    const running = gate.parts.runner.run(gate.parts.steps.mark, id, { attempt: 1, last: true });
    await gate.parts.clips.remove(gate.caller.tenantId, id, 'test');
    await running;
    expect((await gate.clip(id)).state).toBe('deleted');
    await gate.parts.clips.erase(id);
    expect((await events(id)).at(-1)!.toState).toBe('deleted');
  });
});

describe('refused prompts', () => {
  it('are on record with reasons in two languages, and cost nothing', async () => {
    const refused = await gate
      .admit({ prompt: 'Hardcore porn, explicit sex scene, naked woman, xxx' })
      .then(() => null)
      .catch((e: unknown) => e as PromptRefusedError);
    expect(refused).toBeInstanceOf(PromptRefusedError);
    expect(refused!.details.data).toMatchObject({ categories: expect.arrayContaining(['sexual']) as unknown });
    const clip = await gate.clip(refused!.clipId);
    expect(clip).toMatchObject({ state: 'refused', heldAt: 'prompt' });
    expect(await gate.core.database.creditEntry.count({ where: { clipId: clip.id } })).toBe(0);
    expect(await promised(`${clip.id}-v0`)).toBe(0);
  });
});
