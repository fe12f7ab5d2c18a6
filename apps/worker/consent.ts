import { EnrolmentRunner, Erasures, openNotice, Revocations, type ConsentParts } from '#domain/consent';
import { knownFaces, recordingJudge, type FaceSearch } from '#domain/enrolment';
import type { RunTask } from '#domain/examination';
import { endedByPerson } from '#domain/consent-check';
import { EvidenceStills, type Clips, type Policies } from '#domain/gate';
import type { Transcriber } from '#engines/speech';
import { Makers } from '#platform/auth';
import type { Core } from '#platform/core';
import { reportKey } from '#platform/keys';

/** For looking at one recording, and for writing down what was said in it. */
const JUDGE_TIMEOUT_MS = 180_000;

/** What a worker does about consent. */
export interface ConsentWork {
  enrolments: EnrolmentRunner;
  erasures: Erasures;
}

/**
 * Puts the workers' side of consent together.
 * @param run opens recordings, in processes that keep no clip waiting
 */
export function consentWork(
  core: Core,
  {
    clips,
    policies,
    run,
    transcriber,
    faces,
  }: { clips: Clips; policies: Policies; run: RunTask; transcriber: Transcriber | null; faces: FaceSearch },
): ConsentWork {
  const { config, database, blobs, clock, keyring, subjectKeys: keys, scratch, queue } = core;
  const parts: ConsentParts = {
    ...{ database, blobs, clock, sealer: keyring.sealer, keys, clips },
    makers: new Makers(database),
    stills: new EvidenceStills(database, blobs),
    refusal: (clip, actor) => endedByPerson(policies, clip, actor, clock.now()),
    notice: openNotice(),
    settings: {
      publicUrl: config.publicUrl,
      keepDays: config.CONSENT_KEEP_DAYS,
      minimumAge: config.CONSENT_MINIMUM_AGE,
    },
  };
  const judge = recordingJudge({ run, transcriber, timeoutMs: JUDGE_TIMEOUT_MS });
  const onFault = (reason: string) => core.logger.warn({ reason }, 'enrolment');
  const receiptKey = reportKey(keyring.report.privateKeyPkcs8Pem);
  return {
    enrolments: new EnrolmentRunner({ ...parts, scratch, queue, judge, faces: knownFaces(faces), onFault }),
    erasures: new Erasures({ ...parts, queue, receiptKey, revocations: new Revocations(parts) }),
  };
}

/** Deletes what is over and asks again for what was lost. */
export async function tendConsent({ enrolments, erasures }: ConsentWork): Promise<void> {
  await enrolments.reconcile();
  await enrolments.sweep();
  await erasures.sweep();
  await erasures.reconcile();
}
