import { MESSAGE_BITS } from './params.js';

/** Constraint length and generators (octal) of the rate 1/6 code; the taps' first and last bits are all ones. */
export const CONSTRAINT = 15;
const GENERATORS = [0o46321, 0o51271, 0o63667, 0o70535, 0o73277, 0o76513] as const;

export const CODE_OUTPUTS = GENERATORS.length;
/** Trellis steps: the message, then zeros that bring the encoder back to state 0. */
export const STEPS = MESSAGE_BITS + CONSTRAINT - 1;
export const CODED_BITS = STEPS * CODE_OUTPUTS;

function parity(value: number): number {
  let folded = value ^ (value >> 16);
  folded ^= folded >> 8;
  folded ^= folded >> 4;
  return (0x6996 >> (folded & 15)) & 1;
}

/** The six output bits, packed, of a 15-bit encoder register whose newest bit is the lowest. */
export function outputLabel(register: number): number {
  let label = 0;
  for (let output = 0; output < CODE_OUTPUTS; output++) {
    label |= parity(register & GENERATORS[output]!) << output;
  }
  return label;
}

/** Encodes 88 message bits into 612 coded bits, six per step. */
export function encodeConvolution(message: Uint8Array): Uint8Array {
  const coded = new Uint8Array(CODED_BITS);
  let register = 0;
  for (let step = 0; step < STEPS; step++) {
    const bit = step < message.length ? message[step]! : 0;
    register = ((register << 1) | bit) & ((1 << CONSTRAINT) - 1);
    const label = outputLabel(register);
    for (let output = 0; output < CODE_OUTPUTS; output++) coded[step * CODE_OUTPUTS + output] = (label >> output) & 1;
  }
  return coded;
}
