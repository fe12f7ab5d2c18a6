import { shownMessage } from '#kernel';
import type { ReferenceFaces } from '#contracts';
import type { ScreenedImage } from '#domain/examination';
import { compareFaces, UNTOLD_PX } from './frames.js';
import type { FaceRegister } from './register.js';

const NOBODY: ReadonlySet<string> = new Set();

/** Whose faces a screened picture shows. Templates stay in this process. Never throws. */
export async function referenceFaces(
  register: FaceRegister,
  tenantId: string,
  { faces, templates }: Pick<ScreenedImage, 'faces' | 'templates'>,
): Promise<ReferenceFaces> {
  if (faces.state === 'unable') return { state: 'unable', reason: faces.reason };
  try {
    await register.refresh();
    const { verdicts } = await compareFaces(register, tenantId, templates, NOBODY);
    const all = [...verdicts.values()];
    const found = all.flatMap((one) => (one.verdict === 'refused' || one.verdict === 'doubtful' ? [one] : []));
    const told = new Set(templates.map(({ face }) => face));
    return {
      state: 'looked',
      persons: [...new Set(found.flatMap(({ subject }) => (subject.kind === 'person' ? [subject.id] : [])))],
      protected: found.flatMap(({ subject, verdict }) =>
        subject.kind === 'protected' ? [{ id: subject.id, doubtful: verdict === 'doubtful' }] : [],
      ),
      strangers: all.filter(({ verdict }) => verdict === 'nobody').length,
      untold: faces.seen.filter(({ id, widthPx }) => !told.has(id) && widthPx >= UNTOLD_PX).length,
    };
  } catch (e) {
    return { state: 'unable', reason: shownMessage(e) };
  }
}
