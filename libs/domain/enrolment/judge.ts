import { AppError } from '#kernel';
import type { JudgedRecording, RecordingJudge } from '#domain/consent';
import type { EnrolmentLook, RunTask } from '#domain/examination';
import { decodeTemplate, matchFaces, type FaceTemplate } from '#engines/faces';
import { verifyLiveness } from '#engines/liveness';
import { transcribeAll, type Transcriber } from '#engines/speech';

/** What recordings are judged with. */
export interface JudgeServices {
  run: RunTask;
  /** Null: the digits have to be shown. */
  transcriber: Transcriber | null;
  timeoutMs: number;
}

/** Share of the time that the transcriber may take. */
const TRANSCRIBER_SHARE = 0.4;

const same = (a: FaceTemplate, b: FaceTemplate) => matchFaces(a, b, 'consent');

/** What was said, as far as anybody wrote it down; null when nobody did. */
async function heard({ speech }: EnrolmentLook, { transcriber, timeoutMs }: JudgeServices): Promise<string | null> {
  if (!transcriber || !speech?.segments.length) return null;
  const said = await transcribeAll(speech.segments, transcriber, { deadlineMs: timeoutMs * TRANSCRIBER_SHARE });
  const texts = said.flatMap((one) => ('failed' in one ? [] : [one.text]));
  return texts.length ? texts.join(' ') : null;
}

/** A file that is none shows nobody: every check that looks is `unable`. */
const NOTHING: EnrolmentLook = {
  ...{ durationS: 0, complete: false, observations: [], views: [], cuts: [], texts: [], speech: null },
  ...{ face: null, faceUnable: null, portrait: null, voice: null },
};

async function look(path: string, mirrored: boolean, { run, timeoutMs }: JudgeServices): Promise<EnrolmentLook> {
  try {
    return await run('enrol', { path, mirrored }, { timeoutMs });
  } catch (e) {
    // Errors lose their class on the way out of the sandbox; those of unreadable files keep their code.
    if (e instanceof AppError && e.code.startsWith('media_')) return NOTHING;
    throw e;
  }
}

/**
 * The face, if it is the one that was seen all the time. The longest track and the views of the liveness check are found
 * in different ways: where they disagree, whoever moved is not whoever would be enrolled.
 */
function faceOf({ face, views }: EnrolmentLook): JudgedRecording['face'] {
  if (!face || views.length === 0) return null;
  const template = decodeTemplate(face.template);
  const all = views.every((view) => same(template, decodeTemplate(view.template)).result === 'match');
  return all ? { model: face.model, template: face.template } : null;
}

/** The judge of recordings. */
export function recordingJudge(services: JudgeServices): RecordingJudge {
  return {
    async judge(path, { challenge, receivedAt, mirrored }) {
      const seen = await look(path, mirrored, services);
      const views = seen.views.map(({ timeS, template }) => ({ timeS, template: decodeTemplate(template) }));
      const liveness = verifyLiveness<FaceTemplate>({
        challenge,
        observations: seen.observations,
        // A damaged file may hide a cut.
        cuts: seen.complete ? seen.cuts : null,
        // Pictures of a mirroring camera were turned round before anybody looked.
        capture: { nonce: challenge.nonce, receivedAt, durationS: seen.durationS, mirrored: false },
        code: { heard: await heard(seen, services), shown: seen.texts },
        person: { views, match: same },
      });
      const { portrait, voice } = seen;
      return { liveness, face: faceOf(seen), under18: seen.face?.under18 ?? null, voice, portrait };
    },
  };
}
