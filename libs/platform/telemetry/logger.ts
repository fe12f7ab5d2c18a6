import { type DestinationStream, type Logger as PinoLogger } from 'pino';

/** Lowest level that is written. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** A pino logger. */
export type Logger = PinoLogger;

/** Settings of {@link createLogger}. */
export interface LoggerOptions {
  level: LogLevel;
  /** Name of the process: `api`, `worker`, `cli`. */
  name: string;
  /** Where lines go; standard output by default. */
  destination?: DestinationStream;
}

/**
 * A logger that writes one JSON object a line, with the correlation id. Secrets are redacted at every depth and
 * level; a maker's words (keys `prompt`, `input`, `text`) in lines of level info and above.
 */
export function createLogger(_options: LoggerOptions): Logger {
  throw new Error('to be written');
}
