import type { VerdictCode, VerifyReport } from '#contracts';
import type { StillPair, StillsNote } from '#engines/report';
import type { Examiner } from '#domain/examination';
import type { RegisteredAs } from '#domain/provenance';

/** Moments that are shown. */
const MOMENTS = 4;
/** Pixels; a picture is printed 3 inches wide. */
const WIDTH = 640;

/** Sentences that say that the pictures are those of the release. For others nothing allows them side by side. */
const SAME_PICTURES = new Set<VerdictCode>([
  'released_exact',
  'released_repackaged',
  'derived',
  'credentials_do_not_match_content',
]);

/** A moment of the submitted file, and the same moment of the release. */
interface Moment {
  submittedS: number;
  registeredS: number;
}

/** Moments inside the parts that are the release, spread over them. */
function momentsIn(report: VerifyReport, releaseId: string): Moment[] {
  const parts = report.segments.filter(
    (one) => one.track === 'picture' && one.state === 'ours' && one.releaseId === releaseId && one.endS > one.startS,
  );
  const total = parts.reduce((sum, { startS, endS }) => sum + endS - startS, 0);
  return Array.from({ length: total > 0 ? MOMENTS : 0 }, (_, i) => {
    let left = ((i + 0.5) / MOMENTS) * total;
    let [part] = parts;
    for (const one of parts) {
      part = one;
      if (left <= one.endS - one.startS) break;
      left -= one.endS - one.startS;
    }
    const submittedS = part!.startS + left;
    return { submittedS, registeredS: (part!.releaseStartS ?? part!.startS) + left };
  });
}

/** Which release may be set beside the file, or why none. */
function besideOf(report: VerifyReport, registered: RegisteredAs | null): { id: string } | { note: StillsNote } {
  const { release, code, withdrawnAt } = report.verdict;
  if (!release) return { note: 'no_release' };
  const all = registered ? [registered.bytes, registered.manifest, registered.watermark, ...registered.named] : [];
  if (withdrawnAt || all.some((one) => one?.id === release.id && one.withdrawnAt)) return { note: 'withdrawn' };
  return SAME_PICTURES.has(code) ? { id: release.id } : { note: 'not_likeness' };
}

/** What {@link takeStills} needs. */
export interface StillsParts {
  examiner: Examiner;
  timeoutMs: number;
  /** The file of a release that stands; null when it is not kept here. */
  releaseFile: (releaseId: string) => Promise<{ path: string; release: () => Promise<void> } | null>;
}

/**
 * Takes single frames of the submitted file, and of the release at the same moments where the verdict says that the
 * pictures are the same and the release stands. Both files are opened in the sandbox. Never throws: what cannot be shown
 * is named.
 * @param registered what the register answers now
 */
export async function takeStills(
  path: string,
  report: VerifyReport,
  registered: RegisteredAs | null,
  { examiner, timeoutMs, releaseFile }: StillsParts,
): Promise<{ pairs: StillPair[]; note: StillsNote | null }> {
  const limit = { timeoutMs };
  const beside = besideOf(report, registered);
  const moments = 'id' in beside ? momentsIn(report, beside.id) : [];
  const take = (from: string, when: number[] | number) =>
    examiner.run('stills', { path: from, when, width: WIDTH }, limit).then(
      (stills) => stills,
      () => null,
    );
  const submitted = await take(path, moments.length ? moments.map(({ submittedS }) => submittedS) : MOMENTS);
  if (!submitted) return { pairs: [], note: 'unable' };
  const alone = submitted.map(({ timeS, jpeg }) => ({ submittedS: timeS, submitted: jpeg, registered: null }));
  if ('note' in beside) return { pairs: alone, note: beside.note };
  const file = await releaseFile(beside.id).catch(() => null);
  if (!file) return { pairs: alone, note: 'not_kept' };
  try {
    const times = moments.length ? moments.map(({ registeredS }) => registeredS) : submitted.map(({ timeS }) => timeS);
    // Parts of the file may stand in another order than in the release; the sandbox takes ascending times.
    const sorted = [...new Set(times)].sort((a, b) => a - b);
    const taken = await take(file.path, sorted);
    if (!taken) return { pairs: alone, note: 'not_kept' };
    const pairs = alone.map((one, i) => ({
      ...one,
      registered: { releaseId: beside.id, atS: times[i]!, jpeg: taken[sorted.indexOf(times[i]!)]?.jpeg ?? null },
    }));
    return { pairs, note: null };
  } finally {
    await file.release();
  }
}
