import OpenAI, { toFile } from 'openai';
import { openAiImageModerator, remoteTranscriber } from '#platform/recognisers';
import { toWav } from '#engines/speech';
import { startStubRecognisers, stubJpeg } from './stub-recognisers.js';
import { type StubServer } from './stub-http.js';

const signal = new AbortController().signal;
const wav = toWav(new Float32Array(16_000));

// What the official client sends and reads is the contract; ours must be the same.
describe('the stub and the official client', () => {
  let stub: StubServer;
  let official: OpenAI;
  beforeAll(async () => {
    stub = await startStubRecognisers({ key: 'sk-1' });
    official = new OpenAI({ apiKey: 'sk-1', baseURL: `${stub.url}/v1`, maxRetries: 0 });
  });
  afterAll(() => stub.close());
  beforeEach(() => void stub.calls.splice(0));

  it('agree on transcriptions, and so does our client', async () => {
    const theirs = await official.audio.transcriptions.create({
      file: await toFile(wav, 'utterance.wav', { type: 'audio/wav' }),
      model: 'whisper-1',
      response_format: 'json',
      language: 'fr',
      temperature: 0,
    });
    const transcriber = remoteTranscriber({ baseUrl: stub.url, apiKey: 'sk-1', model: 'whisper-1' });
    const ours = await transcriber.transcribe(wav, { signal, language: 'fr' });
    expect(ours.text).toBe(theirs.text);
    const [a, b] = stub.calls;
    expect(b?.fields).toEqual(a?.fields);
    expect(b?.files).toEqual(a?.files);
    expect([b?.path, b?.method, b?.headers.authorization]).toEqual([a?.path, a?.method, a?.headers.authorization]);
  });

  it('agree on moderation of a picture, and so does our client', async () => {
    const url = `data:image/jpeg;base64,${Buffer.from(stubJpeg(0.7)).toString('base64')}`;
    const model = 'omni-moderation-latest';
    const theirs = await official.moderations.create({ model, input: [{ type: 'image_url', image_url: { url } }] });
    const moderator = openAiImageModerator({ baseUrl: stub.url, apiKey: 'sk-1' });
    const ours = await moderator.moderate([{ timeS: 0, jpeg: stubJpeg(0.7) }], signal);
    const [a, b] = stub.calls;
    expect(b?.fields).toEqual(a?.fields);
    expect(b?.path).toBe(a?.path);
    const scores = theirs.results[0]?.category_scores;
    expect(ours.map(({ category, score }) => [category, score])).toEqual([
      ['sexual', scores?.sexual],
      ['violence', scores?.violence],
      ['graphic_violence', scores?.['violence/graphic']],
      ['self_harm', scores?.['self-harm']],
    ]);
  });

  it('refuses what is not the contract', async () => {
    const post = async (path: string, body: unknown) => {
      const headers = { authorization: 'Bearer sk-1', 'content-type': 'application/json' };
      return (await fetch(stub.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    };
    expect(await post('/v1/audio/transcriptions', { model: 'm' })).toBe(400);
    expect(await post('/v1/moderations', { input: [{ type: 'text', text: 'x' }] })).toBe(400);
    expect(await post('/contentsafety/image:analyze?api-version=2023-10-01', {})).toBe(400);
    expect(await post('/v1/elsewhere', {})).toBe(400);
  });
});
