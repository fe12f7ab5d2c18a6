import { useEffect } from 'react';
import type { CaseAhead } from '#contracts';
import { get, query } from '../wire.js';
import { stillUrl, type Shown } from './shown.js';

/** Stills that a case may open with; the rest comes with the page. */
const MOST = 16;

/** Blurred stills of the case that may come next, in the memory of this page alone: browsers keep none of them. */
let ahead: { caseId: string; pictures: Map<string, string> } | null = null;

/** Where the blurred still is: here already, or at the service. */
export function blurredUrl(shown: Pick<Shown, 'id' | 'from'>, still: string): string {
  const near = !shown.from && ahead?.caseId === shown.id ? ahead.pictures.get(still) : undefined;
  return near ?? stillUrl(shown, still, 'blurred');
}

function drop(): void {
  ahead?.pictures.forEach((url) => URL.revokeObjectURL(url));
  ahead = null;
}

/** Fetches the blurred stills of what would come next. Nothing is taken, and nothing of it is shown before it is. */
async function lookAhead(queue: string | null, over: () => boolean): Promise<void> {
  const next = await get<CaseAhead | undefined>(`/v1/desk/cases/ahead${query({ queue })}`);
  if (!next || over() || ahead?.caseId === next.case_id) return;
  drop();
  const pictures = new Map<string, string>();
  ahead = { caseId: next.case_id, pictures };
  for (const still of next.stills.slice(0, MOST)) {
    const answer = await fetch(stillUrl({ id: next.case_id }, still, 'blurred'), { credentials: 'same-origin' });
    if (!answer.ok || ahead?.pictures !== pictures) return;
    pictures.set(still, URL.createObjectURL(await answer.blob()));
  }
}

/**
 * While a case is read, gets ready for the next one; and once more when the decision begins, for others may have taken it.
 * @param caseId the case that is read
 * @param mine whether it is this reader's
 */
export function useAhead(caseId: string, queue: string | null, mine: boolean, deciding: boolean): void {
  useEffect(() => {
    if (!mine) return;
    let over = false;
    // What is on the screen comes first.
    const timer = setTimeout(() => void lookAhead(queue, () => over).catch(() => undefined), deciding ? 0 : CALM_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [caseId, queue, mine, deciding]);
}

const CALM_MS = 500;
