/** Why there is no picture, as far as it changes what to do next. */
export type CameraFault = 'denied' | 'missing' | 'busy' | 'insecure' | 'unsupported';

/** The camera cannot be used. */
export class CameraError extends Error {
  constructor(readonly kind: CameraFault) {
    super(kind);
    this.name = 'CameraError';
  }
}

/** First that the browser can write; all are read by the service. */
const FORMATS = ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'];
/** Enough for a face of 90 pixels and more; a recording of 30 seconds then has some 9 MB. */
const BITS_PER_SECOND = 2_500_000;
const PICTURE = {
  facingMode: 'user',
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 30, min: 10 },
} satisfies MediaTrackConstraints;

function faultOf(e: unknown): CameraFault {
  const name = e instanceof DOMException ? e.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return 'busy';
}

/**
 * Asks for the camera, and the microphone where there is one: without it the digits can be held up.
 * @throws CameraError
 */
export async function openCamera(): Promise<MediaStream> {
  if (!isSecureContext) throw new CameraError('insecure');
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia || typeof MediaRecorder === 'undefined') throw new CameraError('unsupported');
  try {
    return await devices.getUserMedia({ video: PICTURE, audio: true });
  } catch (e) {
    // Nothing tells whether it was the microphone that is missing or in use: the camera alone answers that.
    if (faultOf(e) === 'denied') throw new CameraError('denied');
    return devices.getUserMedia({ video: PICTURE }).catch((again: unknown) => {
      throw new CameraError(faultOf(again));
    });
  }
}

/** Switches the camera off; its light goes out. */
export function closeCamera(stream: MediaStream): void {
  stream.getTracks().forEach((track) => track.stop());
}

/** A recording that runs. */
export interface Recording {
  /** Seconds since its first picture. */
  elapsed: () => number;
  /** Ends it. @throws CameraError where the camera went away */
  finish: () => Promise<File>;
}

/** Starts to record; resolves when the first pictures are being written. @throws CameraError */
export async function record(stream: MediaStream): Promise<Recording> {
  const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
  const recorder = new MediaRecorder(stream, { ...(mimeType && { mimeType }), videoBitsPerSecond: BITS_PER_SECOND });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => data.size > 0 && parts.push(data);
  const ended = new Promise<void>((done) => {
    recorder.onstop = () => done();
    recorder.onerror = () => done();
  });
  await new Promise<void>((done, fail) => {
    recorder.onstart = () => done();
    recorder.addEventListener('error', () => fail(new CameraError('busy')), { once: true });
    recorder.start(1000);
  });
  const began = performance.now();
  return {
    elapsed: () => (performance.now() - began) / 1000,
    finish: async () => {
      if (recorder.state !== 'inactive') recorder.stop();
      await ended;
      const type = recorder.mimeType.split(';')[0] || 'video/webm';
      if (parts.length === 0 || stream.getVideoTracks().every((track) => track.readyState === 'ended'))
        throw new CameraError('busy');
      return new File(parts, `recording.${type === 'video/mp4' ? 'mp4' : 'webm'}`, { type });
    },
  };
}
