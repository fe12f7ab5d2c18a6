import { AppError } from '#kernel';

/** The prompt breaks the policy: nothing was generated. Travels as a 400, never as a status that an SDK retries. */
export class PromptRefusedError extends AppError {
  constructor(
    message: string,
    readonly clipId: string,
    categories: readonly string[],
    statementId: string,
  ) {
    super('invalid', 'moderation_blocked', message, {
      param: 'prompt',
      data: { categories, statement_id: statementId },
    });
  }
}

/** The clip does not exist, belongs to someone else, or is not in a state for what was asked. */
export class ClipError extends AppError {}

/** Someone else moved the clip first; whatever was about to be written is dropped. */
export class StaleClipError extends AppError {
  constructor(clipId: string) {
    super(
      'conflict',
      'clip_moved',
      `The clip ${clipId} was changed by someone else at the same moment. Read it again.`,
    );
  }
}

/** There is no such clip for this tenant. */
export function clipNotFound(id: string): ClipError {
  return new ClipError('not_found', 'video_not_found', `There is no video ${id.slice(0, 80)}.`, { param: 'video_id' });
}
