export { ConsentGate } from './asking.js';
export { makerFacts, protectedKinds } from './facts.js';
export { LIKENESS_SCORE, standingSignal } from './signals.js';
export { brokenUses, lockUses, type BrokenUse } from './standing.js';
export { endedByPerson, promptSignals, stopped } from './stopping.js';
export type { Asker, FoundName, MakerFacts, Names, ProtectedKinds } from './types.js';
