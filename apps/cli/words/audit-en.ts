import type { AuditDayCheck } from '#contracts';

/** English words of `audit`. */
export const auditEn = {
  help: 'the record of everything that was done',
  check: 'hash every closed day of the record again and compare it with the public log',
  day: ({ day, state, events }: AuditDayCheck) =>
    ({
      sound: `${day}: sound, ${events} events`,
      altered: `${day}: ALTERED: its events are not those that it was closed with`,
      not_logged: `${day}: ${events} events; its root is on the way into the public log`,
      log_differs: `${day}: ALTERED: the public log has another root`,
      missing: `${day}: ALTERED: the public log has this day, the table of days does not`,
    })[state],
  none: 'No day is closed yet.',
  sound: 'The record is as the public log has it.',
  unsound: 'The record was changed after its days were closed.',
};
