import type { Looked } from '#domain/examination';

/** What the sandbox would say of a quiet clip of four seconds; a test changes what it is about. */
export function looked(changes: Partial<Looked> = {}): Looked {
  return {
    info: { container: 'mov', durationS: 4, bytes: 1000, video: null, audio: null },
    frames: 9,
    durationS: 4,
    signals: [
      {
        detector: 'vision.nsfw',
        category: 'sexual',
        source: 'frames',
        state: 'measured',
        score: 0.02,
        coverage: 'medium',
        model: { name: 'test', version: '1' },
        at: { fromS: 1, toS: 2 },
      },
    ],
    texts: [],
    faces: [],
    templates: [],
    fingerprint: { algorithm: 'vpdq', hashes: [] },
    speech: null,
    stills: [],
    images: [],
    provider: 'cpu',
    models: [],
    timings: {},
    ...changes,
  };
}
