import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import type { VideoCreateParams } from 'openai/resources/videos';
import sharp from 'sharp';
import { Video } from '#contracts';
import { projectRoot, sha256Hex } from '#kernel';
import { promptsThat, promptThat } from '../support/prompts.js';
import { until } from '../support/service.js';
import {
  inspect,
  query,
  refusal,
  scratchIsEmpty,
  sdk,
  startWithStubEngine,
  waitFor,
  waitForState,
  type StubbedService,
} from '../support/wire.js';

const KEYS = [
  'completed_at', 'created_at', 'error', 'expires_at', 'id', 'model', 'object', 'progress', 'prompt',
  'remixed_from_video_id', 'seconds', 'size', 'status',
]; // prettier-ignore

const [PROMPT, ANOTHER] = promptsThat('allow') as [string, string];

let stubbed: StubbedService;
let client: OpenAI;

beforeAll(async () => {
  stubbed = await startWithStubEngine();
  client = sdk(stubbed.service).client;
}, 120_000);

afterAll(() => stubbed?.stop());

afterEach(() => {
  for (const fault of Object.keys(stubbed.engine.faults)) delete stubbed.engine.faults[fault as 'fails'];
});

/** A POST as people with curl and other gateways send it. */
async function postJson(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const { baseURL, key } = stubbed.service;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(baseURL + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** A picture without a person: a face that is not the maker's own would be refused. */
async function png(): Promise<Buffer> {
  return sharp(join(projectRoot, 'tests/fixtures/pdq/bridge-1-original.jpg')).resize(512, 512).png().toBuffer();
}

describe('a clip, from asking to downloading', () => {
  let made: Video;

  it('is created from the multipart form that the SDK sends, with the defaults of the API', async () => {
    const { client, sent } = sdk(stubbed.service);
    const before = Math.floor(Date.now() / 1000);
    made = await client.videos.create({ prompt: PROMPT });
    expect(sent[0]).toMatchObject({
      method: 'POST',
      path: '/v1/videos',
      contentType: 'multipart/form-data',
      status: 200,
    });
    expect(
      Object.keys(made)
        .filter((key) => key !== '_request_id')
        .sort(),
    ).toEqual(KEYS);
    expect(Video.strict().parse(made)).toMatchObject({
      object: 'video',
      prompt: PROMPT,
      seconds: '4',
      size: '720x1280',
      completed_at: null,
      expires_at: null,
      error: null,
      remixed_from_video_id: null,
    });
    expect(['queued', 'in_progress']).toContain(made.status);
    expect(made.created_at).toBeGreaterThanOrEqual(before - 2);
    expect(made.created_at).toBeLessThanOrEqual(Date.now() / 1000 + 2);
  });

  it('becomes completed, with whole numbers of seconds', async () => {
    const done = await waitFor(client, made.id, 'completed');
    expect(done).toMatchObject({
      progress: 100,
      error: null,
      expires_at: null,
      prompt: PROMPT,
      created_at: made.created_at,
    });
    expect(Number.isInteger(done.completed_at)).toBe(true);
    expect(done.completed_at).toBeGreaterThanOrEqual(made.created_at);
  });

  it.each([
    [undefined, 'video/mp4', (b: Buffer) => b.toString('latin1', 4, 8) === 'ftyp'],
    ['video', 'video/mp4', (b: Buffer) => b.toString('latin1', 4, 8) === 'ftyp'],
    ['thumbnail', 'image/webp', (b: Buffer) => b.toString('latin1', 0, 4) + b.toString('latin1', 8, 12) === 'RIFFWEBP'],
    ['spritesheet', 'image/jpeg', (b: Buffer) => b.readUInt16BE(0) === 0xffd8],
  ] as const)('downloads variant %s as %s', async (variant, type, isOfType) => {
    const answer = await client.videos.downloadContent(made.id, variant && { variant });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('content-length')).toBe(String(bytes.length));
    expect(isOfType(bytes)).toBe(true);
  });

  it('downloads exactly the bytes that the release is about', async () => {
    const bytes = Buffer.from(await (await client.videos.downloadContent(made.id)).arrayBuffer());
    expect((await inspect(client, made.id)).release?.sha256).toBe(sha256Hex(bytes));
  });

  it('has no other variants', async () => {
    const error = await refusal(client.videos.downloadContent(made.id, { variant: 'poster' as 'video' }));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error.param).toBe('variant');
  });

  it('is remixed: the engine is asked for the old words and the change', async () => {
    const remix = await client.videos.remix(made.id, { prompt: 'Now it is raining' });
    expect(remix).toMatchObject({
      remixed_from_video_id: made.id,
      prompt: 'Now it is raining',
      seconds: '4',
      size: '720x1280',
    });
    expect((await refusal(client.videos.remix(remix.id, { prompt: 'And at night' }))).code).toBe('video_not_completed');
    await waitFor(client, remix.id, 'completed');
    const create = stubbed.engine.calls.filter(({ method, path }) => method === 'POST' && path === '/v1/videos').at(-1);
    // Forms carry line ends as CRLF.
    expect(String(create?.fields.prompt).replaceAll('\r\n', '\n')).toBe(`${PROMPT}\nNow it is raining`);
  });

  it('is deleted for good', async () => {
    expect({ ...(await client.videos.delete(made.id)) }).toEqual({
      id: made.id,
      deleted: true,
      object: 'video.deleted',
    });
    const calls = [
      () => client.videos.retrieve(made.id),
      () => client.videos.downloadContent(made.id),
      () => client.videos.delete(made.id),
      () => client.videos.remix(made.id, { prompt: 'again' }),
    ];
    for (const call of calls) {
      expect(await refusal(call())).toBeInstanceOf(OpenAI.NotFoundError);
    }
  });
});

describe('other ends', () => {
  it('says that an unfinished clip has no content yet, and stops the engine when it is deleted', async () => {
    const { engine } = stubbed;
    engine.faults.neverEnds = true;
    const video = await client.videos.create({ prompt: ANOTHER });
    await waitForState(client, video.id, 'generating');
    expect(await client.videos.retrieve(video.id)).toMatchObject({ status: 'in_progress', completed_at: null });
    expect(await refusal(client.videos.downloadContent(video.id))).toMatchObject({
      status: 400,
      code: 'video_not_ready',
    });
    await until(
      async () => engine.calls.some(({ method, path }) => method === 'GET' && path.startsWith('/v1/videos/')),
      20_000,
    );
    const deletes = engine.calls.filter(({ method }) => method === 'DELETE').length;
    await client.videos.delete(video.id);
    await until(
      async () => engine.calls.filter(({ method }) => method === 'DELETE').length > deletes,
      20_000,
      () => 'the engine goes on',
    );
  });

  it.each([
    ['fails' as const, true, 'generation_failed'],
    ['refuse' as const, 'later' as const, 'moderation_blocked'],
  ])('shows a generation where the engine %s as failed, without its inner words', async (fault, value, code) => {
    Object.assign(stubbed.engine.faults, { [fault]: value });
    const video = await client.videos.create({ prompt: ANOTHER });
    const failed = await waitFor(client, video.id, 'failed');
    expect(failed.error?.message.length).toBeGreaterThan(10);
    expect(JSON.stringify(failed.error)).not.toMatch(/CUDA|127\.0\.0\.1/);
    expect(failed.completed_at).toEqual(expect.any(Number));
    if (code === 'moderation_blocked') expect(failed.error?.code).toBe(code);
    expect(await refusal(client.videos.downloadContent(video.id))).toMatchObject({
      status: 400,
      code: 'video_not_available',
    });
    expect(await client.videos.delete(video.id)).toMatchObject({ deleted: true });
  });
});

describe('JSON in place of a form', () => {
  it('is accepted, numbers for seconds too', async () => {
    const { status, body } = await postJson('/videos', {
      prompt: ANOTHER,
      seconds: 4,
      size: '1280x720',
      model: 'sora-2',
      seed: 7,
      user: 'maker-1',
    });
    expect(status).toBe(200);
    expect(Video.strict().parse(body)).toMatchObject({ seconds: '4', size: '1280x720', prompt: ANOTHER });
    expect(await inspect(client, String(body.id))).toMatchObject({ seed: '7', maker: 'maker-1' });
    await client.videos.delete(String(body.id));
  });

  it.each([
    [{}, 'prompt'],
    [{ prompt: 5 }, 'prompt'],
    [{ prompt: PROMPT, seconds: '5' }, 'seconds'],
    [{ prompt: PROMPT, size: '640x480' }, 'size'],
    [{ prompt: PROMPT, model: 'no-such-model' }, 'model'],
    [{ prompt: PROMPT, quality: 'high' }, 'quality'],
    [{ prompt: PROMPT, characters: 'someone' }, 'characters'],
  ])('refuses %j and names %s', async (wanted, param) => {
    const { status, body } = await postJson('/videos', wanted);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      param,
      type: 'invalid_request_error',
      message: expect.stringMatching(/.{10}/) as string,
    });
  });

  it('refuses the same in a form', async () => {
    const wrong = { prompt: PROMPT, quality: 'high' } as VideoCreateParams;
    expect(await refusal(client.videos.create(wrong))).toMatchObject({
      status: 400,
      code: 'unknown_parameter',
      param: 'quality',
    });
  });
});

describe('lists', () => {
  it('pages through everything with the SDK, newest first or oldest first', async () => {
    for (let i = 0; i < 4; i++) await client.videos.create({ prompt: promptThat('hold') });
    const all = (await query(stubbed.service, "SELECT id FROM clips WHERE state <> 'deleted' ORDER BY id")).map(
      ({ id }) => id,
    );
    expect(all.length).toBeGreaterThan(3);
    for (const order of ['asc', 'desc'] as const) {
      const seen: string[] = [];
      for await (const video of client.videos.list({ limit: 2, order })) seen.push(video.id);
      expect(seen).toEqual(order === 'asc' ? all : [...all].reverse());
    }
  });

  it('has the envelope that the SDK pages by', async () => {
    const page: Record<string, unknown> = await client.get('/videos?limit=2');
    const data = page.data as Video[];
    expect(page).toMatchObject({ object: 'list', has_more: true, first_id: data[0]!.id, last_id: data[1]!.id });
    expect(data).toHaveLength(2);
    const rest: Record<string, unknown> = await client.get('/videos?limit=100');
    expect(rest).toMatchObject({ has_more: false });
    expect(await client.get(`/videos?after=${String(rest.last_id)}`)).toEqual({
      object: 'list',
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    });
  });

  it.each(['limit=101', 'limit=-1', 'limit=many', 'order=sideways'])('refuses %s', async (wrong) => {
    expect(await refusal(client.get(`/videos?${wrong}`))).toMatchObject({ status: 400 });
  });

  it('does not know a place in the list that is nobody’s', async () => {
    expect(await refusal(client.videos.list({ after: 'video_unknown' }))).toBeInstanceOf(OpenAI.NotFoundError);
  });
});

describe('reference images', () => {
  beforeEach(() => (stubbed.engine.faults.neverEnds = true));

  const wanted = (input_reference: VideoCreateParams['input_reference']) => ({
    prompt: ANOTHER,
    input_reference,
  });

  it('come as a file: screened, then given to the engine', async () => {
    const video = await client.videos.create(wanted(await toFile(await png(), 'bridge.png', { type: 'image/png' })));
    const { signals } = await inspect(client, video.id);
    expect(signals.filter(({ source }) => source === 'reference')).not.toHaveLength(0);
    const files = () => stubbed.engine.calls.flatMap((call) => call.files);
    await until(
      async () => files().length > 0,
      30_000,
      () => 'the engine was given no picture',
    );
    await client.videos.delete(video.id);
    expect(files().map(({ bytes }) => sha256Hex(bytes))).toEqual([sha256Hex(await png())]);
  });

  it('come as a data URL, in a form and in JSON', async () => {
    const image_url = `data:image/png;base64,${(await png()).toString('base64')}`;
    const video = await client.videos.create(wanted({ image_url }));
    expect((await inspect(client, video.id)).signals.some(({ source }) => source === 'reference')).toBe(true);
    const { status, body } = await postJson('/videos', { prompt: ANOTHER, input_reference: { image_url } });
    expect(status).toBe(200);
    for (const id of [video.id, String(body.id)]) await client.videos.delete(id);
  });

  it.each([
    ['a file id', { file_id: 'file_abc' }, 'file_id_not_supported'],
    ['a private address', { image_url: 'http://127.0.0.1:9/a.png' }, 'url_not_allowed'],
    ['a metadata service', { image_url: 'http://169.254.169.254/latest/meta-data' }, 'url_not_allowed'],
    ['another scheme', { image_url: 'file:///etc/passwd' }, 'url_not_allowed'],
    ['a data URL of no image', { image_url: 'data:text/html;base64,PGh0bWw+' }, 'invalid_image_url'],
    ['a data URL that is damaged', { image_url: 'data:image/png;base64,iVBORw0KGgoAAAA' }, 'image_unreadable'],
  ])('refuse %s', async (_, reference, code) => {
    expect(await refusal(client.videos.create(wanted(reference)))).toMatchObject({
      status: 400,
      code,
      param: 'input_reference',
    });
  });

  it('refuse a file that is no image, and keep none of them', async () => {
    const file = await toFile(Buffer.from('not a picture'), 'a.png', { type: 'image/png' });
    expect(await refusal(client.videos.create(wanted(file)))).toMatchObject({ status: 400, param: 'input_reference' });
    expect(await refusal(client.post('/videos', { body: formWith('other', file) }))).toMatchObject({
      status: 400,
      param: 'other',
    });
    const active = () =>
      query(stubbed.service, "SELECT 1 FROM clips WHERE state NOT IN ('released','refused','failed','held','deleted')");
    await until(async () => (await active()).length === 0, 60_000);
    await scratchIsEmpty(stubbed.service);
  });

  function formWith(field: string, file: File): FormData {
    const form = new FormData();
    form.set('prompt', PROMPT);
    form.set(field, file);
    return form;
  }
});
