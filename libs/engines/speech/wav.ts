import { SpeechError } from './errors.js';
import { RATE } from './types.js';

const HEADER = 44;

/**
 * Sound as a WAV file: 16-bit PCM, 16 kHz, mono.
 * @param samples -1..1; louder ones are clipped
 */
export function toWav(samples: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(HEADER + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(RATE * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  for (let i = 0; i < samples.length; i++) {
    const value = Math.round((samples[i] ?? 0) * 32767);
    bytes.writeInt16LE(Math.max(-32768, Math.min(32767, value)) || 0, HEADER + i * 2);
  }
  return bytes;
}

/**
 * The samples of a file made by {@link toWav}.
 * @throws SpeechError `speech_input_invalid` for any other kind of WAV
 */
export function fromWav(wav: Uint8Array): Float32Array {
  const bytes = Buffer.from(wav.buffer, wav.byteOffset, wav.byteLength);
  const fits =
    bytes.length >= HEADER &&
    bytes.toString('latin1', 0, 4) === 'RIFF' &&
    bytes.toString('latin1', 8, 16) === 'WAVEfmt ' &&
    bytes.readUInt16LE(20) === 1 &&
    bytes.readUInt16LE(22) === 1 &&
    bytes.readUInt32LE(24) === RATE &&
    bytes.readUInt16LE(34) === 16 &&
    bytes.readUInt32LE(40) === bytes.length - HEADER;
  if (!fits) throw new SpeechError('speech_input_invalid', 'The sound is not 16-bit PCM at 16 kHz with one channel.');
  return Float32Array.from(
    { length: (bytes.length - HEADER) >> 1 },
    (_, i) => bytes.readInt16LE(HEADER + i * 2) / 32767,
  );
}
