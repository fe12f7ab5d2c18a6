import { types } from 'node:util';
import {
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type LogFn,
  type Logger as PinoLogger,
  type LoggerOptions as PinoOptions,
  pino,
} from 'pino';
import { correlationId } from './correlation.js';
import { scrub } from './redact.js';

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

const INFO = pino.levels.values.info ?? 30;

/** Scrubs what is about to be written. A lone error keeps pino's shape: `err`, and its message as the line's. */
function logMethod(this: PinoLogger, args: Parameters<LogFn>, method: LogFn, level: number): void {
  const words = level < INFO;
  const [first, ...rest] = args as unknown[];
  const shaped =
    types.isNativeError(first) || first instanceof Error
      ? [{ err: first }, rest[0] ?? first.message, ...rest.slice(1)]
      : args;
  method.apply(this, shaped.map((value) => scrub(value, words)) as Parameters<LogFn>);
}

/** pino writes the bindings of child loggers as they are; children inherit these two from the logger. */
function scrubbingChildren(logger: Logger): Logger {
  const { child, setBindings } = logger as unknown as {
    child: (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) => Logger;
    setBindings: (this: Logger, bindings: Bindings) => void;
  };
  const clean = (bindings: Bindings) => scrub(bindings, false) as Bindings;
  return Object.assign(logger, {
    child(this: Logger, bindings: Bindings, options?: ChildLoggerOptions) {
      return child.call(this, clean(bindings), options);
    },
    setBindings(this: Logger, bindings: Bindings) {
      setBindings.call(this, clean(bindings));
    },
  });
}

/**
 * A logger that writes one JSON object a line (`level` as a word, `time` as ISO 8601), with `correlation_id` where
 * there is one. Secrets are redacted at every depth and level; a maker's words (keys `prompt`, `input`, `text`,
 * `transcript`) in lines of level info and above.
 */
export function createLogger(options: LoggerOptions): Logger {
  const settings: PinoOptions = {
    name: options.name,
    level: options.level,
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { logMethod },
    // scrub has already made plain objects of errors.
    serializers: { err: (error: unknown) => error },
    base: { pid: process.pid },
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const id = correlationId();
      return id === undefined ? {} : { correlation_id: id };
    },
  };
  return scrubbingChildren(options.destination ? pino(settings, options.destination) : pino(settings));
}
