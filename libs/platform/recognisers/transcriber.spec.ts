import { inspect } from 'node:util';
import { toWav } from '#engines/speech';
import { startStubRecognisers, type StubRecognisersOptions } from '../../../tests/support/stub-recognisers.js';
import { type StubServer } from '../../../tests/support/stub-http.js';
import { RecogniserError, remoteTranscriber, type RemoteTranscriberOptions } from './index.js';

const signal = new AbortController().signal;
const wav = toWav(new Float32Array(16_000).map((_, i) => Math.sin(i / 7) / 3));
let stub: StubServer | undefined;
afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

async function start(stubbed: StubRecognisersOptions = {}, more: Partial<RemoteTranscriberOptions> = {}) {
  stub = await startStubRecognisers(stubbed);
  const options = { baseUrl: stub.url, model: 'whisper-1', timeoutMs: 2000, backoffMs: 5, ...more };
  return { stub, transcriber: remoteTranscriber(options) };
}

async function failure(work: Promise<unknown>): Promise<RecogniserError> {
  const thrown = await work.then(() => undefined).catch((error: unknown) => error);
  if (thrown instanceof RecogniserError) return thrown;
  throw new Error(`expected a RecogniserError, not ${inspect(thrown)}`);
}

describe('remoteTranscriber', () => {
  it('sends the sound as the protocol wants it, and gives the text', async () => {
    const { stub, transcriber } = await start({ key: 'sk-1' }, { apiKey: 'sk-1' });
    expect(await transcriber.transcribe(wav, { signal, language: 'fr-CA' })).toEqual({
      text: 'hello there',
      language: 'fr-CA',
    });
    const [call] = stub.calls;
    expect(call?.fields).toEqual({ model: 'whisper-1', response_format: 'json', temperature: '0', language: 'fr' });
    expect(call?.files).toEqual([
      { field: 'file', filename: 'utterance.wav', type: 'audio/wav', bytes: Buffer.from(wav) },
    ]);
    expect(transcriber.model).toEqual({ name: 'remote.transcriptions', version: 'whisper-1', provider: 'remote' });
  });

  it.each([
    ['french', 'fr'],
    ['en', 'en'],
    ['pt-br', 'pt-br'],
    ['klingon speech', undefined],
  ])('reads the language %s as %s', async (language, tag) => {
    const { transcriber } = await start({ transcript: { text: 'x', language } }, { responseFormat: 'verbose_json' });
    expect((await transcriber.transcribe(wav, { signal })).language).toBe(tag);
  });

  it('takes the address with /v1 and with a slash', async () => {
    const { stub, transcriber } = await start();
    expect((await transcriber.transcribe(wav, { signal })).text).toBe('hello there');
    const other = remoteTranscriber({ baseUrl: `${stub.url}/v1/`, model: 'm' });
    expect((await other.transcribe(wav, { signal })).text).toBe('hello there');
    expect(stub.calls.map(({ path }) => path)).toEqual(['/v1/audio/transcriptions', '/v1/audio/transcriptions']);
  });

  it.each(['busy', 'out of order', 'truncated'] as const)('tries again after: %s', async (fault) => {
    const { stub, transcriber } = await start({ fault: (call) => (call === 0 ? fault : null) });
    expect((await transcriber.transcribe(wav, { signal })).text).toBe('hello there');
    expect(stub.calls).toHaveLength(2);
  });

  it('waits for an answer that is slow', async () => {
    const { transcriber } = await start({ fault: () => 'slow' });
    expect((await transcriber.transcribe(wav, { signal })).text).toBe('hello there');
  });

  it.each([
    ['busy', 'recogniser_rate_limited', 3],
    ['busy for long', 'recogniser_rate_limited', 1],
    ['out of order', 'recogniser_unavailable', 3],
    ['truncated', 'recogniser_unavailable', 3],
    ['malformed', 'recogniser_bad_answer', 1],
    ['wrong type', 'recogniser_bad_answer', 1],
    ['other shape', 'recogniser_bad_answer', 1],
    ['partial', 'recogniser_bad_answer', 1],
    ['huge', 'recogniser_bad_answer', 1],
    ['forbidden', 'recogniser_unauthorized', 1],
    ['redirect', 'recogniser_rejected', 1],
  ] as const)('gives no transcript when the service is %s', async (fault, code, calls) => {
    const { stub, transcriber } = await start({ fault: () => fault }, { apiKey: 'sk-secret' });
    const error = await failure(transcriber.transcribe(wav, { signal }));
    expect(error.code).toBe(code);
    expect(stub.calls).toHaveLength(calls);
    // Neither the key nor what the service said about it is anywhere in the error.
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('sk-secret');
  });

  it('gives up a service that never answers, one that is not there, and a wrong key', async () => {
    const { transcriber } = await start({ fault: () => 'silent' }, { timeoutMs: 50, attempts: 2 });
    expect(await failure(transcriber.transcribe(wav, { signal }))).toMatchObject({
      code: 'recogniser_unavailable',
      message: 'The service did not answer in time.',
    });
    await stub?.close();
    expect(await failure(transcriber.transcribe(wav, { signal }))).toMatchObject({
      code: 'recogniser_unavailable',
      message: 'The service cannot be reached.',
    });
    const { transcriber: keyless } = await start({ key: 'sk-1' }, { apiKey: 'sk-2' });
    expect((await failure(keyless.transcribe(wav, { signal }))).code).toBe('recogniser_unauthorized');
  });

  it('sends nothing that is too large, and nothing to a metadata service', async () => {
    const { stub, transcriber } = await start();
    const error = await failure(transcriber.transcribe(new Uint8Array(26 * 1024 * 1024), { signal }));
    expect(error.code).toBe('recogniser_input_too_large');
    expect(stub.calls).toHaveLength(0);
    const odd = remoteTranscriber({ baseUrl: 'http://user:pw@127.0.0.1:1024', model: 'm' });
    expect((await failure(odd.transcribe(wav, { signal }))).code).toBe('recogniser_rejected');
  });

  it("throws the caller's reason, in a request and between two", async () => {
    const { transcriber } = await start({ fault: (n) => (n === 0 ? 'silent' : 'out of order') }, { backoffMs: 5000 });
    for (const code of ['first', 'second']) {
      const leave = new AbortController();
      const work = transcriber.transcribe(wav, { signal: leave.signal });
      setTimeout(() => leave.abort(new Error(code)), 50);
      await expect(work).rejects.toThrow(code);
    }
  });
});
