// The compiled form of this file is what the sandbox runs.
import { readFile } from 'node:fs/promises';
import type { CredentialsFinding, WatermarkFinding } from '#contracts';
import { createCredentialsPool, type CredentialsPool, type TrustSettings } from '#engines/credentials';
import { drawLabel, type DrawnLabel } from '#engines/label';
import { decodeLuma, rewriteLuma, stillsWithLuma, type LumaFrame } from '#engines/media';
import { renderScene } from '#engines/scene';
import { createDetector, createMarker, type Detector } from '#engines/watermark';
import { serveSandbox } from '#platform/sandbox';
import type { ExaminationTasks, MarkSearch } from './tasks.js';

/** Frames that the mark is read from: it is the same in all, so a share is enough. */
const READ_EVERY = 3;
const READ_MAX_FRAMES = 240;
/** A mark that was just written is strong: of 10 s at 24 frames/s, 40 frames. */
const REREAD_EVERY = 6;
/** The detector's own working size; smaller frames are cheaper to hand over. */
const READ_SIDE = 384;

function detectorFor(keys: string[]): Detector {
  return createDetector({ keys: keys.map((key) => Buffer.from(key, 'hex')) });
}

function findingOf(reader: Detector, search: MarkSearch): WatermarkFinding {
  const { found, releaseId, z, threshold, falsePositiveBound, framesUsed, geometry } = reader.finish({ search });
  return { state: found ? 'found' : 'none', releaseId, z, threshold, falsePositiveBound, framesUsed, geometry };
}

let credentials: CredentialsPool | undefined;
let trusted: TrustSettings;

/** Compiling the reader takes longer than reading, so it is kept. A process has one task at a time, so one trust is in force. */
function credentialsOf(path: string, mime: string, trust: TrustSettings): Promise<CredentialsFinding> {
  trusted = trust;
  credentials ??= createCredentialsPool({ size: 1, trust: () => trusted });
  return credentials.read({ path, mime });
}

serveSandbox<ExaminationTasks>({
  async render({ request, toPath }, { progress, signal }) {
    const [width = 0, height = 0] = request.size.split('x').map(Number);
    const reference = request.referencePath ? await readFile(request.referencePath) : undefined;
    const scene = {
      prompt: request.prompt,
      seed: request.seed,
      seconds: request.seconds,
      width,
      height,
      reference,
      source: request.source,
    };
    const { frames } = await renderScene(scene, toPath, { onProgress: progress, signal });
    return { frames };
  },

  // The detectors' rooms are loaded when first needed: drawing, marking and reading back start without them.
  async inspect({ path, images = 0 }, { signal }) {
    const { lookAtClip } = await import('./look/clip.js');
    return lookAtClip(path, images, signal);
  },

  async mark({ input, output, key, releaseId, label }, { progress, signal }) {
    let marker: ReturnType<typeof createMarker> | undefined;
    let drawn: DrawnLabel | undefined;
    const overlay = async (width: number, height: number) => {
      if (label) drawn = await drawLabel(label, width, height);
      return (timeS: number) => (label?.delivery === 'burned' ? (drawn?.patchesAt(timeS) ?? []) : []);
    };
    const done = await rewriteLuma(
      input,
      output,
      (luma, width, height, index) => {
        marker ??= createMarker({ key: Buffer.from(key, 'hex'), releaseId, width, height });
        marker.apply(luma, index);
      },
      { overlay, onProgress: progress, signal },
    );
    return { ...done, label: drawn?.applied(done.durationS) };
  },

  async readMark({ path, keys, search }, { signal }) {
    const reader = detectorFor(keys);
    const frames = decodeLuma(path, { shortSide: READ_SIDE, every: READ_EVERY, maxFrames: READ_MAX_FRAMES, signal });
    for await (const frame of frames) reader.push(frame.data, frame.width, frame.height);
    return findingOf(reader, search);
  },

  readCredentials: ({ path, mime, trust }) => credentialsOf(path, mime, trust),

  async reread({ path, keys, trust }, { signal }) {
    // The credentials are read in a thread meanwhile.
    const reading = credentialsOf(path, 'video/mp4', trust); // never rejects
    const reader = detectorFor(keys);
    const take = (frame: LumaFrame) => reader.push(frame.data, frame.width, frame.height);
    const stills = await stillsWithLuma(path, take, { shortSide: READ_SIDE, every: REREAD_EVERY, signal });
    return { watermark: findingOf(reader, 'identity'), credentials: await reading, ...stills };
  },

  async screenImage({ path }) {
    const { lookAtImage } = await import('./look/image.js');
    return lookAtImage(path);
  },
});
