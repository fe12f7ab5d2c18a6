import { sealTemplate } from '#domain/recognition';
import type { TakenFace } from '#domain/protected';
import { AppError, messageOf } from '#kernel';
import type { Core } from '#platform/core';
import type { WorkerParts } from './parts.js';

const FACE_TIMEOUT_MS = 14_000;

/**
 * Takes the face of a submission to the register. The template is sealed before it leaves this process: a queue keeps
 * what it carries. A face that could not be looked for is `unable`, never "no face".
 * @throws AppError when the picture is not usable, or the entry has no key
 */
export async function takeFace(
  core: Core,
  { examiner }: WorkerParts,
  entryId: string,
  path: string,
): Promise<TakenFace> {
  const key = await core.subjectKeys.open(entryId);
  if (!key) throw new AppError('not_found', 'entry_not_found', 'The entry of this picture is gone. Submit it again.');
  try {
    const { face, template } = await examiner.run('portrait', { path }, { timeoutMs: FACE_TIMEOUT_MS });
    if (!template) return { face, template: null };
    const sealed = Buffer.from(sealTemplate(key, entryId, template.bytes)).toString('base64');
    return { face, template: { model: template.model, sealed } };
  } catch (e) {
    if (e instanceof AppError && e.kind !== 'internal' && e.kind !== 'unavailable') throw e;
    core.logger.warn({ reason: messageOf(e) }, 'face of a submission');
    return { face: 'unable', template: null };
  }
}
