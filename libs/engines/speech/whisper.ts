import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type ModelRef } from '#contracts';
import { compiledModule, DeadlineError } from '#kernel';
import { SpeechError } from './errors.js';
import { RATE, type Transcriber } from './types.js';
import { toWav } from './wav.js';
import { readWhisperHeader, WHISPER_HEADER_BYTES } from './whisper-header.js';

/** What the transcribing process answers. */
export type WhisperAnswer =
  { ok: true; text: string | null } | { ok: false; code: 'whisper_unavailable' | 'whisper_failed'; detail: string };

/** How {@link whisperTranscriber} works. */
export interface WhisperOptions {
  /** 64 hex digits; without it the file is taken as it is, and its hash recorded. */
  sha256?: string;
  /** Milliseconds for one utterance; 120,000 by default. */
  timeoutMs?: number;
  /** Threads of one transcription; 1 by default: its threads spin while they wait, which a busy machine pays for. */
  threads?: number;
}

async function readModel(path: string): Promise<{ sha256: string }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const head = Buffer.alloc(WHISPER_HEADER_BYTES);
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      readWhisperHeader(head.subarray(0, bytesRead), size);
      const hash = createHash('sha256');
      for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
      return { sha256: hash.digest('hex') };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof SpeechError) throw cause;
    throw new SpeechError('whisper_model_invalid', 'The file of the Whisper model cannot be read.', cause);
  }
}

/** One utterance in a process of its own. @throws SpeechError; DeadlineError; the signal's reason */
function run(
  { path, threads, ms }: { path: string; threads: number; ms: number },
  wav: Uint8Array,
  language: string,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((done, fail) => {
    if (signal.aborted) return fail(signal.reason as Error);
    const child = fork(compiledModule(import.meta.url, './whisper-child.js'), [path, language, String(threads)], {
      stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      env: { PATH: process.env['PATH'] ?? '' },
    });
    const stop = (reason: Error) => {
      child.kill('SIGKILL');
      fail(reason);
    };
    const timer = setTimeout(() => stop(new DeadlineError('Transcribing', ms)), ms);
    const onAbort = () => stop(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    let answer: WhisperAnswer | undefined;
    const end = (how: string) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (answer?.ok) return done(answer.text);
      const { code, detail } = answer ?? { code: 'whisper_failed' as const, detail: how };
      const why =
        code === 'whisper_unavailable' ? `FFmpeg cannot run Whisper on this machine: ${detail}.` : 'Whisper failed.';
      fail(new SpeechError(code, why, new Error(detail)));
    };
    child.on('message', (message) => (answer = message as WhisperAnswer));
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, killed) => end(`it ended with ${killed ?? `exit code ${code}`}`));
    // A process that died before it read everything answers by its exit.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(wav);
  });
}

/**
 * Opens a Whisper model of whisper.cpp that the operator provides (`ggml-*.bin`) and tries it once on silence.
 * A language that the model does not know fails; without a hint the model finds it out or takes its only one.
 * Each utterance is transcribed in a process of its own by FFmpeg's whisper filter, on the CPU; nothing is fetched.
 * @param modelFile path of the model
 * @throws SpeechError `whisper_model_invalid` for a file that is missing, damaged, altered or makes whisper.cpp fail;
 * `whisper_unavailable` when this FFmpeg has no such filter, or on Linux without the Vulkan loader; DeadlineError
 */
export async function whisperTranscriber(modelFile: string, opts: WhisperOptions = {}): Promise<Transcriber> {
  const how = { path: modelFile, threads: Math.max(1, Math.trunc(opts.threads ?? 1)), ms: opts.timeoutMs ?? 120_000 };
  const { sha256 } = await readModel(modelFile);
  if (opts.sha256 !== undefined && opts.sha256.toLowerCase() !== sha256) {
    throw new SpeechError('whisper_model_invalid', `The Whisper model has SHA-256 ${sha256}, not the one expected.`);
  }
  try {
    await run(how, toWav(new Float32Array(RATE)), 'en', new AbortController().signal);
  } catch (cause) {
    if (!(cause instanceof SpeechError) || cause.code === 'whisper_unavailable') throw cause;
    throw new SpeechError('whisper_model_invalid', 'Whisper does not run with this model file.', cause);
  }
  const model: ModelRef = { name: 'whisper.cpp', version: 'operator', sha256, provider: 'cpu' };
  return {
    model,
    transcribe: async (wav, { language, signal }) => {
      // Whisper knows languages by their first subtag.
      const spoken = language?.split('-')[0]?.toLowerCase() ?? 'auto';
      const text = await run(how, wav, /^[a-z]{2,3}$/.test(spoken) ? spoken : 'auto', signal);
      if (text === null) throw new SpeechError('transcript_missing', 'Whisper gave no text for this utterance.');
      return { text, ...(spoken === 'auto' ? {} : { language: spoken }) };
    },
  };
}
