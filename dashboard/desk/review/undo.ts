import { useSyncExternalStore } from 'react';
import type { CaseOutcome } from '#contracts';

/** A decision that can still be taken back. */
export interface Undoable {
  decisionId: string;
  caseId: string;
  outcome: CaseOutcome;
  /** Milliseconds of this machine's clock. */
  until: number;
  queue: string | null;
}

let last: Undoable | null = null;
const ears = new Set<() => void>();

/** Offers a decision for taking back; the one before is past. */
export function offerUndo(next: Undoable | null): void {
  last = next;
  ears.forEach((ear) => ear());
}

/** The decision that can still be taken back, wherever the reader is. */
export function useUndoable(): Undoable | null {
  return useSyncExternalStore(
    (ear) => {
      ears.add(ear);
      return () => void ears.delete(ear);
    },
    () => last,
  );
}
