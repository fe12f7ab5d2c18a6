import { Idempotency, PromptRefusedError, readDecisions, reconcile } from '#domain/gate';
import { newId } from '#kernel';
import { json } from '#platform/database';
import { OutboxRelay, QueueClient } from '#platform/queue';
import { GateHarness, synthetic } from '../support/gate.js';
import { until } from '../support/service.js';

let gate: GateHarness;

beforeAll(async () => {
  gate = await GateHarness.open();
});
afterAll(() => gate.close());

describe('a request that arrives more than once', () => {
  const idempotency = () => new Idempotency(gate.core.database, gate.core.clock);
  const tenant = () => gate.caller.tenantId;

  it('leads to one clip, also at the same moment', async () => {
    const id = newId('video');
    const clips = await Promise.all([1, 2, 3].map(() => gate.admit({}, { id })));
    expect(clips.map((clip) => clip.id)).toEqual([id, id, id]);
    expect(await gate.core.database.creditEntry.count({ where: { clipId: id } })).toBe(1);
    expect(await gate.core.database.auditEvent.count({ where: { subject: id } })).toBe(1);
  });

  it('is refused again with the same statement, and judged once', async () => {
    const id = newId('video');
    const ask = () =>
      gate.admit({ prompt: 'Explicit hardcore porn scene of two adults' }, { id }).then(
        () => null,
        (e: unknown) => e as PromptRefusedError,
      );
    const [first, second] = [await ask(), await ask()];
    expect(first).toBeInstanceOf(PromptRefusedError);
    expect(second?.details.data).toEqual(first?.details.data);
    expect(await gate.core.database.statement.count({ where: { clipId: id } })).toBe(1);
  });

  it('gets its id from its key, and no id for another body', async () => {
    const ask = (key: string, body: object) => idempotency().clipId(tenant(), { key, retry: false, body });
    const first = await ask('k1', { prompt: 'a' });
    expect(await ask('k1', { prompt: 'a' })).toBe(first);
    expect(await ask('k2', { prompt: 'a' })).not.toBe(first);
    await expect(ask('k1', { prompt: 'b' })).rejects.toMatchObject({ code: 'idempotency_key_reused', kind: 'invalid' });
    await expect(ask('', { prompt: 'a' })).rejects.toMatchObject({ code: 'idempotency_key_invalid' });
    await expect(
      idempotency().clipId('ten_other', { key: 'k1', retry: false, body: { prompt: 'b' } }),
    ).resolves.not.toBe(first);
  });

  it('without a key is new on purpose, but not when the SDK says that it repeats itself', async () => {
    const ask = (retry: boolean) => idempotency().clipId(tenant(), { retry, body: { prompt: 'again' } });
    const first = await ask(false);
    expect(await ask(true)).toBe(first);
    expect(await ask(false)).not.toBe(first);
  });
});

describe('remixes', () => {
  it('are judged and generated from the words of the whole chain', async () => {
    const first = await gate.drive((await gate.admit({ prompt: 'Two wrestlers in a ring' })).id);
    expect(first.state).toBe('released');
    const second = await gate.admit({ prompt: 'make it night' }, { parent: first });
    const third = await gate.admit({ prompt: 'with fireworks' }, { parent: second });
    expect(third.effectivePrompt).toBe('Two wrestlers in a ring\nmake it night\nwith fireworks');
    const refused = gate.admit({ prompt: 'as explicit hardcore porn' }, { parent: second });
    await expect(refused).rejects.toBeInstanceOf(PromptRefusedError);
  });

  it('are refused when the chain is longer than the policy can read', async () => {
    const parent = await gate.admit({ prompt: 'A long story' });
    const long = { ...parent, effectivePrompt: 'x'.repeat(31_995) };
    await expect(gate.admit({ prompt: 'goes on' }, { parent: long })).rejects.toMatchObject({
      code: 'remix_chain_too_long',
    });
  });

  it('carry the parent as an ingredient, and are signed without it when it was deleted', async () => {
    const parent = await gate.drive((await gate.admit()).id);
    const child = await gate.drive((await gate.admit({ prompt: 'at night' }, { parent })).id);
    expect(child.state).toBe('released');
    const orphan = await gate.admit({ prompt: 'in the rain' }, { parent });
    await gate.core.blobs.delete(parent.signedSha256!);
    expect((await gate.drive(orphan.id)).state).toBe('released');
  });
});

describe('files', () => {
  it('of a deleted clip are removed, the work of a step that was under way included', async () => {
    const { id, sourceSha256 } = await gate.drive((await gate.admit()).id, 'marking');
    const running = gate.parts.runner.run(gate.parts.steps.mark, id, { attempt: 1, last: true });
    await gate.parts.clips.remove(gate.caller.tenantId, id, 'test');
    await gate.parts.clips.erase(id);
    const stored = new Set<string>();
    const put = gate.core.blobs.put.bind(gate.core.blobs);
    gate.core.blobs.put = async (...given) => {
      const blob = await put(...given);
      stored.add(blob.sha256);
      return blob;
    };
    await running;
    gate.core.blobs.put = put;
    const clip = await gate.clip(id);
    expect(clip).toMatchObject({ state: 'deleted', sourceSha256: null });
    // The fixture's source is shared with the other clips of this file; the marked file was this clip's alone.
    expect(await gate.core.blobs.has(sourceSha256!)).toBe(true);
    expect(stored.size).toBeLessThanOrEqual(1);
    for (const sha256 of stored) expect(await gate.core.blobs.has(sha256)).toBe(false);
  });
});

describe('held clips', () => {
  it('go on after a person released them, and the reason is on record', async () => {
    const { HeldClips } = await import('#domain/gate');
    const people = new HeldClips(gate.core.database, gate.moves, gate.policies, gate.core.clock);
    const held = await gate.drive((await gate.admit({}, { injected: [synthetic(0.6)] })).id);
    expect(held).toMatchObject({ state: 'held', heldAt: 'clip' });
    const review = { outcome: 'release', category: 'graphic_violence', reason: 'It is a film set.' } as const;
    const results = await Promise.allSettled(
      [1, 2].map(() => people.decide(gate.caller.tenantId, held.id, review, 'key:test')),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const clip = await gate.drive(held.id);
    expect(clip).toMatchObject({ state: 'released', review: { outcome: 'release', reviewer: 'key:test' } });
    expect(readDecisions(clip.decisions)).toHaveLength(2);
  });

  it('are refused with a statement that says that a person decided', async () => {
    const { HeldClips } = await import('#domain/gate');
    const people = new HeldClips(gate.core.database, gate.moves, gate.policies, gate.core.clock);
    const held = await gate.drive((await gate.admit({}, { injected: [synthetic(0.6)] })).id);
    const review = { outcome: 'refuse', category: 'graphic_violence', reason: 'Too much.' } as const;
    const refused = await people.decide(gate.caller.tenantId, held.id, review, 'key:test');
    const statement = await gate.core.database.statement.findUniqueOrThrow({
      where: { id: (await gate.clip(refused.id)).statementId! },
    });
    expect(statement).toMatchObject({ automated: false, categories: ['graphic_violence'] });
  });
});

describe('outbox and reconciler', () => {
  it('carries what it knows past rows that it does not know', async () => {
    const { database, databaseUrl } = gate.core;
    await database.outbox.deleteMany();
    const unknown = Array.from({ length: 60 }, (_, i) => ({
      job: 'from.the.future',
      payload: json({}),
      dedupeKey: `f${i}`,
    }));
    await database.outbox.createMany({ data: unknown });
    await database.outbox.create({
      data: { job: 'clip.erase', payload: json({ clipId: 'video_x' }), dedupeKey: 'video_x-erase' },
    });
    const queue = new QueueClient({ databaseUrl });
    const relay = new OutboxRelay(database, queue, databaseUrl, () => undefined);
    await relay.start();
    await until(async () => (await database.outbox.count({ where: { job: 'clip.erase' } })) === 0, 10_000);
    expect(await database.outbox.count()).toBe(60);
    expect((await queue.counts()).deliver.waiting).toBe(1);
    await relay.stop();
    await queue.close();
  });

  it('asks again for the job of a clip that stands still, once', async () => {
    const { database, databaseUrl, clock } = gate.core;
    await database.clip.updateMany({ where: { state: { not: 'deleted' } }, data: { updatedAt: clock.now() } });
    const clip = await gate.admit();
    await database.clip.update({
      where: { id: clip.id },
      data: { updatedAt: new Date(clock.now().getTime() - 60_000) },
    });
    const queue = new QueueClient({ databaseUrl });
    expect(await reconcile(database, queue, clock)).toBe(1);
    expect(await reconcile(database, queue, clock)).toBe(1);
    expect((await queue.counts()).generate.waiting).toBe(1);
    await queue.close();
  });
});
