import { round3 } from './scope.js';

/** How many pairs of readings said this and that. */
export interface PairCount {
  first: string;
  second: string;
  pairs: number;
}

/**
 * Cohen's kappa of pairs of readings: how much more often two readers agree than chance alone would have it. Null below two pairs, and
 * where chance explains all (both always say the same). Source: J. Cohen, A coefficient of agreement for nominal scales, 1960.
 */
export function cohensKappa(table: readonly PairCount[]): number | null {
  const all = table.reduce((sum, { pairs }) => sum + pairs, 0);
  if (all < 2) return null;
  const agreed = table.reduce((sum, { first, second, pairs }) => sum + (first === second ? pairs : 0), 0);
  const margin = (side: 'first' | 'second', value: string) =>
    table.reduce((sum, row) => sum + (row[side] === value ? row.pairs : 0), 0) / all;
  const values = new Set(table.map(({ first }) => first));
  const chance = [...values].reduce((sum, value) => sum + margin('first', value) * margin('second', value), 0);
  return chance >= 1 ? null : round3((agreed / all - chance) / (1 - chance));
}
