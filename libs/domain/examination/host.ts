// The compiled form of this file is what the sandbox runs.
import { readFile } from 'node:fs/promises';
import type { CredentialsFinding } from '#contracts';
import { createCredentialsPool, type CredentialsPool, type TrustSettings } from '#engines/credentials';
import { PictureTaker } from '#engines/fingerprint';
import { drawLabel, type DrawnLabel } from '#engines/label';
import { decodeLuma, rewriteLuma, stillsAt, stillsWithLuma, type LumaFrame } from '#engines/media';
import { renderScene } from '#engines/scene';
import { createMarker } from '#engines/watermark';
import { serveSandbox } from '#platform/sandbox';
import { detectorFor, everyNth, findingOf, listen, printsOf, READ_SIDE, takePrints, traceFile } from './look/trace.js';
import type { ExaminationTasks } from './tasks.js';

/** Frames that the mark is read from: it is the same in all, so a share is enough. */
const READ_EVERY = 3;
const READ_MAX_FRAMES = 240;
/** A mark that was just written is strong: of 10 s, 40 frames. */
const REREAD_PER_S = 4;

let credentials: CredentialsPool | undefined;
let trusted: TrustSettings;

/** Compiling the reader takes longer than reading, so it is kept. A process has one task at a time, so one trust is in force. */
function poolFor(trust: TrustSettings): CredentialsPool {
  trusted = trust;
  return (credentials ??= createCredentialsPool({ size: 1, trust: () => trusted }));
}

function credentialsOf(path: string, mime: string, trust: TrustSettings): Promise<CredentialsFinding> {
  return poolFor(trust).read({ path, mime });
}

serveSandbox<ExaminationTasks>({
  async render({ request, toPath }, { progress, signal }) {
    const [width = 0, height = 0] = request.size.split('x').map(Number);
    const reference = request.referencePath ? await readFile(request.referencePath) : undefined;
    const portraits = await Promise.all((request.characters ?? []).map(({ portraitPath }) => readFile(portraitPath)));
    const scene = {
      prompt: request.prompt,
      seed: request.seed,
      seconds: request.seconds,
      width,
      height,
      reference,
      portraits,
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

  async readMark({ path, keys, search }, { progress, signal }) {
    const reader = detectorFor(keys);
    const frames = decodeLuma(path, { shortSide: READ_SIDE, every: READ_EVERY, maxFrames: READ_MAX_FRAMES, signal });
    let read = 0;
    for await (const frame of frames) {
      reader.push(frame.data, frame.width, frame.height);
      // How many there are is not known before the end; the search takes its time after them.
      progress((0.7 * ++read) / READ_MAX_FRAMES);
    }
    return findingOf(reader, search);
  },

  readCredentials: ({ path, mime, trust }) => credentialsOf(path, mime, trust),

  manifestStore: ({ path, mime, trust }) => poolFor(trust).store({ path, mime }),

  async reread({ path, keys, trust }, { signal }) {
    // The credentials are read in a thread meanwhile.
    const reading = credentialsOf(path, 'video/mp4', trust); // never rejects
    const reader = detectorFor(keys);
    const taker = new PictureTaker();
    let endS = 0;
    const take = (frame: LumaFrame) => {
      reader.push(frame.data, frame.width, frame.height);
      taker.look(frame, frame.timeS);
      endS = frame.timeS;
    };
    const options = { shortSide: READ_SIDE, every: await everyNth(path, REREAD_PER_S), signal };
    const [stills, sound] = await Promise.all([stillsWithLuma(path, take, options), listen(path, signal)]);
    const watermark = findingOf(reader, 'identity');
    return { watermark, credentials: await reading, ...stills, prints: printsOf(taker, sound, endS) };
  },

  fingerprints: ({ path }, { signal }) => takePrints(path, signal),

  trace: (payload, { signal, progress }) => traceFile(payload, signal, progress),

  stills: ({ path, when, width }, { signal }) => stillsAt(path, when, { width, signal }),

  async screenImage({ path, faces }) {
    const { lookAtImage } = await import('./look/image.js');
    return lookAtImage(path, faces);
  },

  async portrait({ path }) {
    const { takePortrait } = await import('./look/portrait.js');
    return takePortrait(path);
  },

  async enrol({ path, mirrored }, { signal }) {
    const { lookAtEnrolment } = await import('./look/enrolment.js');
    return lookAtEnrolment(path, mirrored, signal);
  },
});
