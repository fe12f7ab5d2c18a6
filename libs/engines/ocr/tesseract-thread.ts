// A thread that reads lines with Tesseract's LSTM (WebAssembly). It needs no file and no network, so it has none.
import { createRequire } from 'node:module';
import net from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '#kernel';
import { type TesseractData, type TesseractReply, type TesseractRequest } from './tesseract-messages.js';

/** The parts of the Emscripten module that are used here (tesseract.js-core 7). */
interface Core {
  FS: { writeFile(path: string, data: Uint8Array): void };
  TessBaseAPI: new () => TesseractApi;
}
interface TesseractApi {
  Init(path: null, languages: string, mode: number): number;
  SetVariable(name: string, value: string): boolean;
  SetImageFile(exif: number, angle: number): number;
  Recognize(monitor: null): number;
  GetUTF8Text(): string;
  MeanTextConf(): number;
  Clear(): void;
}

const LSTM_ONLY = 1;
const closed = (): never => {
  throw new Error('the reading thread may not use the network');
};
net.Socket.prototype.connect = closed;
globalThis.fetch = closed;

const silent = () => undefined;

async function open({ wasm, languages }: TesseractData): Promise<{ core: Core; api: TesseractApi }> {
  const load = createRequire(import.meta.url)('tesseract.js-core/tesseract-core-simd-lstm.js') as (
    options: object,
  ) => Promise<Core>;
  const core = await load({ wasmBinary: wasm, print: silent, printErr: silent, TesseractProgress: silent });
  for (const [name, data] of Object.entries(languages)) core.FS.writeFile(`${name}.traineddata`, data);
  const api = new core.TessBaseAPI();
  if (api.Init(null, Object.keys(languages).join('+'), LSTM_ONLY) !== 0) throw new Error('the trained data is refused');
  // 7: the picture is one line of text.
  api.SetVariable('tessedit_pageseg_mode', '7');
  api.SetVariable('user_defined_dpi', '300');
  return { core, api };
}

function read({ core, api }: { core: Core; api: TesseractApi }, request: TesseractRequest): TesseractReply {
  const { grey, width, height } = request;
  core.FS.writeFile('/input', Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]));
  if (api.SetImageFile(1, 0) === 1) throw new Error('the strip is refused');
  if (api.Recognize(null) !== 0) throw new Error('the strip could not be read');
  const text = api.GetUTF8Text().replace(/\s+/gu, ' ').trim();
  const confidence = Math.min(1, Math.max(0, api.MeanTextConf() / 100));
  api.Clear();
  return { kind: 'read', text, confidence: text === '' ? 0 : confidence };
}

const send = (reply: TesseractReply) => parentPort?.postMessage(reply);

try {
  const opened = await open(workerData as TesseractData);
  parentPort?.on('message', (request: TesseractRequest) => {
    try {
      send(read(opened, request));
    } catch (thrown) {
      send({ kind: 'failed', message: messageOf(thrown) });
    }
  });
  send({ kind: 'ready' });
} catch (thrown) {
  send({ kind: 'failed', message: messageOf(thrown) });
}
