// Transcribes one utterance with FFmpeg's whisper filter in a process of its own: whisper.cpp ends the process on a model
// that it does not like, and only the end of a process stops it. WAV comes in on stdin, the answer goes out by IPC.
import { AV_CHANNEL_LAYOUT_MONO, AV_LOG_QUIET, AV_SAMPLE_FMT_FLT } from 'node-av/constants';
import { FFmpegError, Filter, FilterGraph, Frame, Log, Rational } from 'node-av/lib';
import { messageOf } from '#kernel';
import { RATE } from './types.js';
import { hasVulkanLoader } from './vulkan.js';
import { fromWav } from './wav.js';
import { type WhisperAnswer } from './whisper.js';

/** whisper.cpp says nothing about less than a second. */
const LEAST = 1.5 * RATE;

Log.setLevel(AV_LOG_QUIET);

function must(code: number, what: string): void {
  if (code < 0) throw new Error(`${what}: ${FFmpegError.strerror(code)}`);
}

/** A value for FFmpeg's filter syntax, which is unpacked twice: as an option, then as part of a chain. */
function escaped(value: string): string {
  return value.replace(/[\\':]/g, '\\$&').replace(/[\\'[\],;]/g, '\\$&');
}

function toFrame(samples: Float32Array): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.format = AV_SAMPLE_FMT_FLT;
  frame.sampleRate = RATE;
  frame.channelLayout = AV_CHANNEL_LAYOUT_MONO;
  frame.nbSamples = Math.max(LEAST, samples.length);
  frame.pts = 0n;
  frame.timeBase = new Rational(1, RATE);
  must(frame.getBuffer(), 'sound buffer');
  const bytes = frame.data?.[0];
  if (!bytes) throw new Error('sound buffer');
  bytes.fill(0);
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  return frame;
}

async function transcribe(samples: Float32Array, model: string, language: string): Promise<string | null> {
  const graph = new FilterGraph();
  graph.alloc();
  // Whisper runs on as many threads as the graph, which would otherwise take the host's cores for its own and spin.
  graph.nbThreads = Number(process.argv[4] ?? 1);
  // Longer than the utterance, so that it is looked at as a whole.
  const queueS = Math.ceil(Math.max(LEAST, samples.length) / RATE) + 1;
  const options = `model=${escaped(model)}:language=${escaped(language)}:queue=${queueS}:use_gpu=0`;
  const source = `abuffer@in=time_base=1/${RATE}:sample_rate=${RATE}:sample_fmt=flt:channel_layout=mono`;
  must(graph.parsePtr(`${source},whisper=${options},abuffersink@out`), 'load the model');
  must(await graph.config(), 'configure');
  const [input, output] = [graph.getFilter('abuffer@in'), graph.getFilter('abuffersink@out')];
  if (!input || !output) throw new Error('filters');
  must(await input.buffersrcAddFrame(toFrame(samples)), 'push');
  must(await input.buffersrcAddFrame(null), 'end');
  const found = new Frame();
  found.alloc();
  const texts: string[] = [];
  while ((await output.buffersinkGetFrame(found)) >= 0) {
    const text = found.getMetadata()?.get('lavfi.whisper.text');
    if (text != null) texts.push(text);
    found.unref();
  }
  return texts.length > 0 ? texts.join(' ').replace(/\s+/g, ' ').trim() : null;
}

async function answer(): Promise<WhisperAnswer> {
  const [, , model = '', language = 'auto'] = process.argv;
  try {
    if (!hasVulkanLoader())
      return { ok: false, code: 'whisper_unavailable', detail: 'libvulkan.so.1 is not installed' };
    if (!Filter.getByName('whisper')) return { ok: false, code: 'whisper_unavailable', detail: 'no such filter' };
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return { ok: true, text: await transcribe(fromWav(Buffer.concat(chunks)), model, language) };
  } catch (thrown) {
    return { ok: false, code: 'whisper_failed', detail: messageOf(thrown) };
  }
}

// Whoever asked is gone; the native thread would go on for minutes.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.send?.(await answer(), () => process.exit(0));
