import { AppError } from '#kernel';

/** The record could not be read or a day not be closed. Codes: `audit_day_not_found`, `audit_busy`. */
export class AuditError extends AppError {}
