import { type FaceSighting } from '#contracts';
import { meanOf } from './template.js';

/**
 * Apparent age from the shares of years that faceres gave for one or more views. Measured on five portraits of known
 * age: 5 to 9 years too young, never too old; no minors were tested. Never proof of an age.
 * @param views 100 shares each, years 0 to 99
 */
export function apparentAge(views: readonly Float32Array[]): NonNullable<FaceSighting['age']> {
  const mean = meanOf(views);
  const total = mean.reduce((sum, share) => sum + share, 0);
  const shares = [...mean].map((share) => share / total);
  const quantile = (q: number) => {
    let sum = 0;
    const year = shares.findIndex((share) => (sum += share) >= q);
    return year < 0 ? shares.length - 1 : year;
  };
  const under18 = shares.slice(0, 18).reduce((sum, share) => sum + share, 0);
  return {
    mean: shares.reduce((sum, share, year) => sum + share * year, 0),
    low: quantile(0.1),
    high: quantile(0.9),
    under18: Math.min(1, Math.max(0, under18)),
  };
}
