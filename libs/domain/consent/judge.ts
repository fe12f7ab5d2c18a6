import type { LivenessChallenge, LivenessResult } from '#contracts';

/** What is known of a recording when it was looked at. Biometric: seal it or forget it. */
export interface JudgedRecording {
  liveness: LivenessResult;
  /** Null: no view was good enough to recognise the person by. */
  face: { model: string; template: Uint8Array } | null;
  /** Chance that somebody in the recording is under 18, 0..1; null where there is no face. */
  under18: number | null;
  /** Null: no speaker model, or too little was said. */
  voice: { model: string; template: Uint8Array } | null;
  /** The head, JPEG. */
  portrait: Uint8Array | null;
}

/** Looks at recordings. Fills the place of engines that this room may not reach. */
export interface RecordingJudge {
  /**
   * Judges the answer to a challenge.
   * @param path the recording as it was handed in
   * @throws whatever keeps it from being judged: the recording then passes nothing
   */
  judge(
    path: string,
    answer: { challenge: LivenessChallenge; receivedAt: Date; mirrored: boolean },
  ): Promise<JudgedRecording>;
}

/** Who is known already. */
export interface KnownFaces {
  /**
   * Persons and protected ones that are the same as a face beyond doubt, in all that was committed before.
   * @throws when it cannot tell: nobody is enrolled then
   */
  find(face: { template: Uint8Array }, tenantId: string): Promise<{ kind: 'person' | 'protected'; id: string }[]>;
}
