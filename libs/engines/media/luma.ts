import { decodeVideo, type Decoded } from './decode.js';
import { toMediaError } from './errors.js';
import type { FilterChain } from './graph.js';
import * as av from './native.js';
import { hasDeepLumaPlane, hasLumaPlane, tightPlane, uprightChain, type Sizing } from './planes.js';
import { displayMatrix, uprightFilters } from './rotation.js';
import { openSource, type Source } from './source.js';
import type { LumaFrame, LumaOptions } from './types.js';

/** Turns decoded pictures into upright, scaled luma. */
export class LumaReader {
  private readonly chain: FilterChain;
  private readonly plain: boolean;

  constructor(source: Source, sizing: Pick<Sizing, 'shortSide' | 'width'>) {
    const turned = uprightFilters(displayMatrix(av.present(source.video, 'video stream'))).length > 0;
    this.plain = !turned && sizing.shortSide === undefined && sizing.width === undefined;
    // The luma plane is taken out first: less to scale, and its range is left as it is.
    const separate = (input: av.NativeFrame) => hasLumaPlane(input) || hasDeepLumaPlane(input);
    const before = (input: av.NativeFrame) => [...(separate(input) ? [] : ['format=yuv420p']), 'extractplanes=y'];
    this.chain = uprightChain(source, { ...sizing, display: sizing.width !== undefined }, before, ['format=gray']);
  }

  async read({ frame, index, timeS }: Decoded): Promise<LumaFrame> {
    const luma = this.plain && hasLumaPlane(frame) ? frame : await this.chain.convert(frame);
    const { width, height } = luma;
    return { index, timeS, width, height, data: tightPlane(luma, 0, width, height) };
  }

  close(): void {
    this.chain.close();
  }
}

/**
 * The luma of every n-th frame, upright, in order; the values are the clip's own (usually 16..235), as `rewriteLuma`
 * hands them to its `mark`. Frames that are skipped are decoded but not converted or copied.
 * Abandoning the generator frees all it holds.
 * @throws MediaError `media_empty` when not one frame decodes; the codes of `probe`; the signal's reason
 */
export async function* decodeLuma(path: string, opts: LumaOptions = {}): AsyncGenerator<LumaFrame> {
  const { shortSide, every = 1, maxFrames = Infinity, startS = 0, endS = Infinity, signal } = opts;
  const source = await openSource(path, opts, { video: true, audio: false });
  const reader = new LumaReader(source, { shortSide });
  let seen = 0;
  let given = 0;
  try {
    for await (const decoded of decodeVideo(source, { signal })) {
      if (decoded.timeS >= endS || given >= maxFrames) break;
      if (decoded.timeS < startS || seen++ % every !== 0) continue;
      given++;
      yield await reader.read(decoded);
    }
  } catch (thrown) {
    throw toMediaError(thrown, 'media_unreadable', signal);
  } finally {
    await av.freeAll(
      () => reader.close(),
      () => source.close(),
    );
  }
}
