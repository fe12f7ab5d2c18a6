import type { CaseView } from '#contracts';

/** What can be looked at: of a case of review, or of evidence under seal. */
export interface Shown extends Pick<CaseView, 'id' | 'stills' | 'flagged' | 'effective_prompt'> {
  clip: Pick<CaseView['clip'], 'size' | 'has_video'>;
  may: Pick<CaseView['may'], 'watch'>;
  /** Where the pictures come from, unless it is a case of review. */
  from?: { stills: string; film: string };
}

/** Address of a still. */
export const stillUrl = ({ id, from }: Pick<Shown, 'id' | 'from'>, still: string, view: 'blurred' | 'clear') =>
  `${from?.stills ?? `/v1/desk/cases/${id}/stills`}/${still}/${view}`;

/** Address of the film. */
export const filmUrl = ({ id, from }: Pick<Shown, 'id' | 'from'>) => from?.film ?? `/v1/desk/cases/${id}/clip`;
