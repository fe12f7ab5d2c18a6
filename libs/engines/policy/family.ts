import { type FamilyPolicy, type StagePolicy } from './types.js';

/** The family that speaks for a detector: the longest dotted prefix of its name, else `default`. */
export function familyOf(families: StagePolicy['families'], detector: string): FamilyPolicy {
  for (let name = detector; name; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    if (Object.hasOwn(families, name)) return families[name] as FamilyPolicy;
  }
  return families['default'] as FamilyPolicy;
}
