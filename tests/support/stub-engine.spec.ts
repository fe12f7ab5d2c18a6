import OpenAI, { toFile } from 'openai';
import { startStubEngine, stubClip, type StubEngine, type StubEngineOptions } from './stub-engine.js';

const clip = stubClip();
let stub: StubEngine | undefined;

afterEach(() => stub?.close());

async function start(options: Partial<StubEngineOptions> = {}, maxRetries = 0) {
  stub = await startStubEngine({ profile: 'openai', clip, ...options });
  return { stub, client: new OpenAI({ apiKey: 'sk-test', baseURL: `${stub.url}/v1`, maxRetries }) };
}

async function wait(client: OpenAI, id: string) {
  for (;;) {
    const video = await client.videos.retrieve(id);
    if (video.status === 'completed' || video.status === 'failed') return video;
  }
}

describe('the stub speaks to the official SDK', () => {
  it.each(['openai', 'vllm-omni', 'litellm', 'imprimatur'] as const)(
    '%s: create, retrieve, download',
    async (profile) => {
      const { stub, client } = await start({ profile });
      const created = await client.videos.create({ prompt: 'a boat', model: 'sora-2', seconds: '8', size: '1280x720' });
      expect(created).toMatchObject({
        object: 'video',
        model: 'sora-2',
        seconds: '8',
        size: '1280x720',
        progress: 0,
        error: null,
      });
      const done = await wait(client, created.id);
      expect(done).toMatchObject({
        id: created.id,
        status: 'completed',
        progress: 100,
        completed_at: expect.any(Number) as number,
      });
      const content = await client.videos.downloadContent(created.id);
      expect(content.headers.get('content-type')).toBe('video/mp4');
      expect(Buffer.from(await content.arrayBuffer())).toEqual(clip);
      expect(stub.calls[0]).toMatchObject({ encoding: 'multipart', fields: { prompt: 'a boat', seconds: '8' } });
    },
  );

  it('sglang refuses the multipart form without a file, and takes it with one', async () => {
    const { stub, client } = await start({ profile: 'sglang' });
    await expect(client.videos.create({ prompt: 'a boat' })).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    const input_reference = await toFile(Buffer.from('png'), 'a.png', { type: 'image/png' });
    const created = await client.videos.create({ prompt: 'a boat', input_reference });
    expect(stub.calls[1]?.files).toMatchObject([
      { field: 'input_reference', filename: 'a.png', bytes: Buffer.from('png') },
    ]);
    await wait(client, created.id);
    expect(await client.videos.delete(created.id)).toMatchObject({
      id: created.id,
      object: 'video',
      status: 'deleted',
    });
  });

  it('remixes, edits, extends, lists page by page, and deletes', async () => {
    const { stub, client } = await start();
    const first = await client.videos.create({ prompt: 'one' });
    const second = await client.videos.remix(first.id, { prompt: 'two' });
    expect(second.remixed_from_video_id).toBe(first.id);
    expect(stub.calls[1]).toMatchObject({ encoding: 'json', path: `/v1/videos/${first.id}/remix` });
    const third = await client.videos.edit({ prompt: 'three', video: { id: first.id } });
    const fourth = await client.videos.extend({ prompt: 'four', seconds: '4', video: { id: first.id } });
    const ids: string[] = [];
    for await (const video of client.videos.list({ limit: 1, order: 'asc' })) ids.push(video.id);
    expect(ids).toEqual([first.id, second.id, third.id, fourth.id]);
    await expect(client.videos.delete(first.id)).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await wait(client, first.id);
    expect(await client.videos.delete(first.id)).toEqual({ id: first.id, deleted: true, object: 'video.deleted' });
    await expect(client.videos.retrieve(first.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  it('its faults are those that the SDK knows', async () => {
    const { stub, client } = await start({ faults: { create429Times: 1, retryAfterS: 0, create500Times: 1 } }, 2);
    await expect(client.videos.create({ prompt: 'x' })).resolves.toMatchObject({ object: 'video' });
    expect(stub.calls.map((call) => call.headers['x-stainless-retry-count'])).toEqual(['0', '1', '2']);
    stub.faults.refuse = 'create';
    const refused = await client.videos.create({ prompt: 'x' }).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
    expect(refused).toMatchObject({ status: 400, code: 'moderation_blocked', type: 'invalid_request_error' });
    stub.faults.refuse = 'later';
    const { id } = await client.videos.create({ prompt: 'x' }).catch(() => client.videos.create({ prompt: 'x' }));
    expect(await wait(client, id)).toMatchObject({ status: 'failed', error: { code: 'moderation_blocked' } });
    for (const [status, kind] of [
      [401, OpenAI.AuthenticationError],
      [403, OpenAI.PermissionDeniedError],
    ] as const) {
      stub.faults.status = status;
      await expect(client.videos.retrieve(id)).rejects.toBeInstanceOf(kind);
    }
  });

  it('unknown fields are refused where the real server refuses them', async () => {
    const { client } = await start();
    await expect(client.videos.create({ prompt: 'x', seed: 1 } as never)).rejects.toThrow(/Unknown parameter/);
  });
});
