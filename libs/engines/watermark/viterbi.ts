import { CODE_OUTPUTS, CONSTRAINT, outputLabel, STEPS } from './convolution.js';
import { MESSAGE_BITS } from './params.js';

const STATES = 1 << (CONSTRAINT - 1);
const HALF = STATES / 2;
const LABELS = 1 << CODE_OUTPUTS;

interface Workspace {
  /** Label of the branch from state j to 2j; the other three of the butterfly follow by complement. */
  labels: Uint8Array;
  metrics: [Float32Array, Float32Array];
  /** Per step and state: 1 when the surviving branch came from the upper half of the states. */
  decisions: Uint8Array;
}

let workspace: Workspace | undefined;

function work(): Workspace {
  workspace ??= {
    labels: Uint8Array.from({ length: HALF }, (_, state) => outputLabel(state << 1)),
    metrics: [new Float32Array(STATES), new Float32Array(STATES)],
    decisions: new Uint8Array(STATES * STEPS),
  };
  return workspace;
}

function forwardStep(from: Float32Array, to: Float32Array, branch: Float32Array, step: number, w: Workspace): void {
  const { labels, decisions } = w;
  const row = step * STATES;
  for (let j = 0; j < HALF; j++) {
    const metric = branch[labels[j]!]!;
    const low = from[j]!;
    const high = from[j + HALF]!;
    const zeroLow = low + metric;
    const zeroHigh = high - metric;
    const oneLow = low - metric;
    const oneHigh = high + metric;
    const even = 2 * j;
    const zeroUp = zeroHigh > zeroLow;
    const oneUp = oneHigh > oneLow;
    to[even] = zeroUp ? zeroHigh : zeroLow;
    to[even + 1] = oneUp ? oneHigh : oneLow;
    decisions[row + even] = zeroUp ? 1 : 0;
    decisions[row + even + 1] = oneUp ? 1 : 0;
  }
}

/**
 * Maximum-likelihood decoding of the K=15 rate 1/6 code.
 * @param soft 612 values; positive says the coded bit is 1, magnitude is confidence
 * @returns the 88 message bits
 */
export function viterbiDecode(soft: Float32Array): Uint8Array {
  const w = work();
  let [from, to] = w.metrics;
  from.fill(-1e9);
  from[0] = 0;
  const branch = new Float32Array(LABELS);
  for (let step = 0; step < STEPS; step++) {
    for (let label = 0; label < LABELS; label++) {
      let metric = 0;
      for (let output = 0; output < CODE_OUTPUTS; output++) {
        const value = soft[step * CODE_OUTPUTS + output]!;
        metric += (label >> output) & 1 ? value : -value;
      }
      branch[label] = metric;
    }
    forwardStep(from, to, branch, step, w);
    [from, to] = [to, from];
  }
  return traceBack(w.decisions);
}

/** From state 0, where the tail bits leave the encoder. */
function traceBack(decisions: Uint8Array): Uint8Array {
  const message = new Uint8Array(MESSAGE_BITS);
  let state = 0;
  for (let step = STEPS - 1; step >= 0; step--) {
    if (step < MESSAGE_BITS) message[step] = state & 1;
    state = (state >> 1) | (decisions[step * STATES + state]! ? HALF : 0);
  }
  return message;
}
