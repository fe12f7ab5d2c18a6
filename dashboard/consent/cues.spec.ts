import { cueAt, TAIL_S } from './cues.js';

const challenge = {
  lengthS: 10.5,
  steps: [
    { action: 'turn_left', fromS: 2.5, toS: 6, instruction: 'left' },
    { action: 'blink_once', fromS: 7, toS: 10.5, instruction: 'blink' },
  ] as const,
} as unknown as Parameters<typeof cueAt>[0];

it.each([
  [0, 'straight', 0, 2.5],
  [2.49, 'straight', 0, 0.01],
  [2.5, 'step', 0, 3.5],
  [5.99, 'step', 0, 0.01],
  [6, 'straight', 1, 1],
  [7, 'step', 1, 3.5],
  [10.5, 'straight', 2, TAIL_S],
  [10.5 + TAIL_S, 'done', 2, 0],
  [60, 'done', 2, 0],
])('at %d s: %s of step %d, %d s left', (at, kind, index, leftS) => {
  const cue = cueAt(challenge, at);
  expect([cue.kind, cue.index]).toEqual([kind, index]);
  expect(cue.leftS).toBeCloseTo(leftS, 6);
});
