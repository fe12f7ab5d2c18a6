import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { sha256Hex } from '#kernel';
import { SpeechError, toWav, whisperTranscriber } from './index.js';
import { parrotModel } from './testing.js';
import { hasVulkanLoader } from './vulkan.js';

const signal = new AbortController().signal;
const wav = toWav(new Float32Array(32_000).map((_, i) => 0.2 * Math.sin(i / 9)));
// A head that passes every check, so that only whisper.cpp itself can find fault with what follows.
const parrot = parrotModel([' The', ' harbour', ' is', ' closed', '.']);

describe('whisperTranscriber', () => {
  let dir: string;
  beforeAll(() => (dir = mkdtempSync(join(tmpdir(), "whi'sper: [a,b];-"))));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const file = (name: string, bytes: Uint8Array) => {
    const path = join(dir, name);
    writeFileSync(path, bytes);
    return path;
  };

  // A machine without the loader can show only this, and must not call a good model bad.
  const withLoader = hasVulkanLoader() ? it : it.skip;
  (hasVulkanLoader() ? it.skip : it)('says that the Vulkan loader is missing', async () => {
    await expect(whisperTranscriber(file('parrot.bin', parrot))).rejects.toMatchObject({
      code: 'whisper_unavailable',
      message: expect.stringContaining('libvulkan.so.1') as string,
    });
  });

  withLoader('runs a real model through the filter and gives its words, wherever the file lies', async () => {
    const path = file('parrot.bin', parrot);
    const whisper = await whisperTranscriber(path, { sha256: sha256Hex(parrot) });
    expect(whisper.model).toEqual({
      name: 'whisper.cpp',
      version: 'operator',
      sha256: sha256Hex(parrot),
      provider: 'cpu',
    });
    expect(await whisper.transcribe(wav, { signal, language: 'en-GB' })).toEqual({
      text: 'The harbour is closed.',
      language: 'en',
    });
    const short = await whisper.transcribe(toWav(new Float32Array(1000)), { signal, language: 'en' });
    expect(short.text).toBe('The harbour is closed.');
    // This one is English only: it must not write down French as if it were English.
    await expect(whisper.transcribe(wav, { signal, language: 'fr' })).rejects.toMatchObject({ code: 'whisper_failed' });
    expect(existsSync(path)).toBe(true);
  });

  withLoader('refuses files that are no model, with a code and without ending the process', async () => {
    const magic = Buffer.concat([Buffer.from('lmgg'), randomBytes(5000)]);
    const cut = parrot.subarray(0, 1000);
    const words = 56 + 80 * 201 * 4;
    const wordy = Buffer.from(parrot);
    wordy.writeInt32LE(2 ** 30, words);
    // The length of the first weight's name, which only whisper.cpp itself reads.
    const rotten = Buffer.from(parrot);
    rotten.writeInt32LE(-5, parrot.indexOf('encoder.positional_embedding') - 16);
    const halved = parrot.subarray(0, parrot.length - 20_000);
    for (const [name, bytes] of Object.entries({ empty: Buffer.alloc(0), magic, cut, wordy, rotten, halved })) {
      await expect(whisperTranscriber(file(`${name}.bin`, bytes))).rejects.toMatchObject({
        code: 'whisper_model_invalid',
      });
    }
    await expect(whisperTranscriber(join(dir, 'absent.bin'))).rejects.toBeInstanceOf(SpeechError);
    await expect(whisperTranscriber(file('other.bin', parrot), { sha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'whisper_model_invalid',
    });
  });

  withLoader(
    'fails with a code when the model goes bad later, when time is up and when the caller leaves',
    async () => {
      const path = file('later.bin', parrot);
      const whisper = await whisperTranscriber(path);
      const leave = new AbortController();
      const left = whisper.transcribe(wav, { signal: leave.signal });
      leave.abort(new Error('gone'));
      await expect(left).rejects.toThrow('gone');
      await expect(whisper.transcribe(Buffer.from('no sound'), { signal })).rejects.toMatchObject({
        code: 'whisper_failed',
      });
      writeFileSync(path, randomBytes(1000));
      await expect(whisper.transcribe(wav, { signal })).rejects.toMatchObject({ code: 'whisper_failed' });
      await expect(whisperTranscriber(file('slow.bin', parrot), { timeoutMs: 20 })).rejects.toMatchObject({
        code: 'deadline_exceeded',
      });
    },
  );
});
