import { SpeechError } from './errors.js';

/** What the head of a ggml Whisper file says. Numbers of the network's parts. */
export interface WhisperHeader {
  vocabulary: number;
  audioLayers: number;
  textLayers: number;
  width: number;
}

/** Bytes from the start of the file that hold everything before the weights, in any model. */
export const WHISPER_HEADER_BYTES = 4_194_304;

const MAGIC = 0x67676d6c;
/** A magic number and eleven integers. */
const FIXED = 48;
/** Frequencies of its spectrum. */
const SPECTRUM = 201;

function bad(what: string): SpeechError {
  return new SpeechError('whisper_model_invalid', what);
}

/** Walks the mel filters and the words: whisper.cpp would follow any count and any length that stands there. */
function checkWords(view: DataView, mels: number, vocabulary: number): void {
  let at = FIXED;
  const next = (low: number, high: number): number => {
    const value = at + 4 <= view.byteLength ? view.getInt32(at, true) : -1;
    if (value < low || value > high) throw bad('The word list of the Whisper model is damaged.');
    at += 4;
    return value;
  };
  const filters = next(mels, mels) * next(SPECTRUM, SPECTRUM);
  at += 4 * filters;
  for (let left = next(1, vocabulary); left > 0; left--) {
    const length = next(0, 1024);
    at += length;
  }
  if (at > view.byteLength) throw bad('The word list of the Whisper model is cut short.');
}

/**
 * Reads the head of a Whisper model of whisper.cpp and checks what whisper.cpp takes on trust: it ends the process on odd
 * numbers, and runs an empty network when the weights are missing.
 * @param head the first {@link WHISPER_HEADER_BYTES} of the file, or all of it
 * @param size bytes of the whole file
 * @throws SpeechError `whisper_model_invalid`
 */
export function readWhisperHeader(head: Uint8Array, size: number): WhisperHeader {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < FIXED || view.getUint32(0, true) !== MAGIC) {
    throw bad('The file of the Whisper model is not one of whisper.cpp (ggml).');
  }
  const at = (index: number) => view.getInt32(4 + index * 4, true);
  const limits: [number, number, number][] = [
    [0, 51_864, 60_000],
    [1, 16, 4096],
    [2, 16, 4096],
    [3, 1, 64],
    [4, 1, 96],
    [5, 16, 4096],
    [6, 16, 4096],
    [7, 1, 64],
    [8, 1, 96],
    [9, 16, 256],
    [10, 0, 2999],
  ];
  const [width, text] = [at(2), at(6)];
  if (limits.some(([index, low, high]) => at(index) < low || at(index) > high) || width !== text) {
    throw bad('The head of the Whisper model has numbers that no such model has.');
  }
  const [vocabulary, audioLayers, textLayers] = [at(0), at(4), at(8)];
  const weights = vocabulary * width + (12 * audioLayers + 16 * textLayers) * width * width;
  // The strongest packing in use has more than two bits a weight.
  if (size < weights / 4) {
    throw bad('The file of the Whisper model is cut short.');
  }
  checkWords(view, at(9), vocabulary);
  return { vocabulary, audioLayers, textLayers, width };
}
