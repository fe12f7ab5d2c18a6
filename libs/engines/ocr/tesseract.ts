import { gunzipSync } from 'node:zlib';
import { Worker } from 'node:worker_threads';
import { type ModelRef } from '#contracts';
import { compiledModule, messageOf, withDeadline } from '#kernel';
import { OcrError } from './errors.js';
import { readInstalled } from './installed.js';
import { type Reading } from './ppocr.js';
import { type TesseractData, type TesseractReply, type TesseractRequest } from './tesseract-messages.js';

/** What is installed, by hash: the program and its trained data (Apache-2.0; integer LSTM, "best" of Tesseract 4). */
const WASM = {
  path: 'tesseract.js-core/tesseract-core-simd-lstm.wasm',
  version: '7.0.0',
  sha256: '34e8d50cac216427d86bf397d610fdd9f49492539bbcdfbfccc4eda20c810bea',
};
const LANGUAGES = {
  eng: '45b4cb346724ac1774f1c36f42f182b887bcdb28ebe63e6fff90ac41f3fcff91',
  fra: 'd611139672b3752c7097e671e4a1d9209dfd37f2aeb081ef6487fba3351e9255',
};
/** Unpacked trained data is at most 4 MiB a language. */
const MOST_BYTES = 32 * 1024 * 1024;
const LOAD_MS = 60_000;
/** A thread that had nothing to read for so long is ended; its memory goes back, and the next line starts another. */
const IDLE_MS = 60_000;

/** The program and its languages, for decision records. */
export function tesseractModels(): ModelRef[] {
  const core = { name: 'tesseract-lstm', version: WASM.version, sha256: WASM.sha256, provider: 'wasm' };
  const data = Object.entries(LANGUAGES).map(([language, sha256]) => ({
    name: `tesseract-${language}-best-int`,
    version: '4.0.0',
    sha256,
    provider: 'wasm',
  }));
  return [core, ...data];
}

function loadData(): TesseractData {
  const languages = Object.entries(LANGUAGES).map(([name, sha256]) => {
    const path = `@tesseract.js-data/${name}/4.0.0_best_int/${name}.traineddata.gz`;
    return [name, new Uint8Array(gunzipSync(readInstalled(path, sha256), { maxOutputLength: MOST_BYTES }))] as const;
  });
  return { wasm: new Uint8Array(readInstalled(WASM.path, WASM.sha256)), languages: Object.fromEntries(languages) };
}

/** One thread; it answers one request at a time, in order. */
class Thread {
  private readonly worker: Worker;
  private waiting: { done: (reply: TesseractReply) => void; fail: (error: OcrError) => void } | undefined;
  private ended: OcrError | undefined;

  constructor(data: TesseractData) {
    this.worker = new Worker(compiledModule(import.meta.url, './tesseract-thread.js'), {
      execArgv: [],
      env: {},
      workerData: data,
    });
    this.worker.on('message', (reply: TesseractReply) => this.waiting?.done(reply));
    this.worker.on('error', (error) => this.die(messageOf(error)));
    this.worker.on('exit', (code) => this.die(`exit code ${code}`));
  }

  private die(why: string, code: 'ocr_failed' | 'ocr_closed' = 'ocr_failed'): void {
    this.ended ??= new OcrError(code, `The reading thread ended: ${why}.`);
    this.waiting?.fail(this.ended);
  }

  get dead(): boolean {
    return this.ended !== undefined;
  }

  /** The next answer; the thread keeps the process alive only until then. */
  async ask(request: TesseractRequest | null, deadlineMs: number): Promise<TesseractReply> {
    if (this.ended) throw this.ended;
    const reply = new Promise<TesseractReply>((done, fail) => (this.waiting = { done, fail }));
    this.worker.ref();
    if (request) this.worker.postMessage(request);
    try {
      return await withDeadline(reply, deadlineMs, 'Reading a line');
    } catch (cause) {
      if (cause instanceof OcrError) throw cause;
      // WebAssembly may be stopped at any moment, unlike a native call.
      await this.end('no answer in time');
      throw new OcrError('ocr_timeout', `A line could not be read: ${messageOf(cause)}`, cause);
    } finally {
      this.waiting = undefined;
      this.worker.unref();
    }
  }

  async end(why: string, code?: 'ocr_closed'): Promise<void> {
    this.die(why, code);
    await this.worker.terminate();
  }
}

/** Reads single lines in English and French with all accents. */
export interface LineReader {
  /**
   * @param grey one line, 8-bit luma, dark on light, `width * height` bytes
   * @throws OcrError `ocr_failed`, `ocr_timeout`, `ocr_closed`, `ocr_data_missing`, `ocr_data_altered`
   */
  read(grey: Uint8Array, width: number, height: number): Promise<Reading>;
  close(): Promise<void>;
}

/**
 * Opens Tesseract in one thread, offline: program and data come from the installed packages, by hash. A thread that
 * fails or is late is ended, and the next line starts a new one.
 * @param deadlineMs milliseconds that one line may take
 * @param idleMs milliseconds without a line after which the thread is ended
 * @throws OcrError
 */
export async function openTesseract(deadlineMs = 10_000, idleMs = IDLE_MS): Promise<LineReader> {
  let thread: Thread | undefined;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  const rest = () => {
    clearTimeout(idle);
    idle = setTimeout(() => void thread?.end('it was idle'), idleMs).unref();
  };
  const started = async (): Promise<Thread> => {
    if (closed) throw new OcrError('ocr_closed', 'The text reader was closed.');
    if (thread && !thread.dead) return thread;
    const fresh = new Thread(loadData());
    thread = fresh;
    const reply = await fresh.ask(null, LOAD_MS);
    if (reply.kind === 'ready') return fresh;
    await fresh.end('it could not start');
    throw new OcrError('ocr_failed', `Tesseract does not start: ${reply.kind === 'failed' ? reply.message : ''}`);
  };
  const one = async (request: TesseractRequest): Promise<Reading> => {
    clearTimeout(idle);
    const reply = await (await started()).ask(request, deadlineMs).finally(rest);
    if (reply.kind === 'read') return { text: reply.text, confidence: reply.confidence };
    throw new OcrError(
      'ocr_failed',
      `A line could not be read: ${reply.kind === 'failed' ? reply.message : 'mixed up'}`,
    );
  };
  await started();
  rest();
  return {
    read: (grey, width, height) => {
      const reading = last.then(() => one({ grey, width, height }));
      last = reading.catch(() => undefined);
      return reading;
    },
    close: async () => {
      closed = true;
      clearTimeout(idle);
      await thread?.end('closed', 'ocr_closed');
    },
  };
}
