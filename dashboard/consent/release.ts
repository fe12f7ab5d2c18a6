/** What a person enters before agreeing. */
export interface Answers {
  name: string;
  /** `YYYY-MM-DD`, or empty. */
  birth: string;
  handle: string;
  isMe: boolean;
  isAdult: boolean;
  accept: boolean;
}

const HANDLE = /^[a-z0-9][a-z0-9._-]{1,28}[a-z0-9]$/;

/** Whole years between a birth date and a day; NaN where the date is none. */
export function yearsOld(birth: string, today: Date): number {
  const [year, month, day] = birth.split('-').map(Number);
  if (!year || !month || !day) return NaN;
  const later = today.getMonth() + 1 > month || (today.getMonth() + 1 === month && today.getDate() >= day);
  return today.getFullYear() - year - (later ? 0 : 1);
}

/** What is wrong with the answers, by field. The service looks again. */
export function faultsOf(answers: Answers, minimumAge: number, today: Date) {
  const years = yearsOld(answers.birth, today);
  const handle = answers.handle.trim().replace(/^@/, '').toLowerCase();
  return {
    name: answers.name.trim() === '',
    birth: !(years >= 0 && years < 130) ? 'birth' : years < minimumAge ? 'young' : null,
    handle: handle !== '' && !HANDLE.test(handle),
    confirm: !(answers.isMe && answers.isAdult && answers.accept),
  };
}
