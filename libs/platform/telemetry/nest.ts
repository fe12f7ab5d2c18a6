import { type LoggerService } from '@nestjs/common';
import { type Logger } from './logger.js';

type Level = 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal';

const STACK = /\n\s+at .+:\d+:\d+/;

/** Nest calls with a message and then, all of them optional: more messages, a stack trace, the context's name. */
function write(logger: Logger, level: Level, message: unknown, params: unknown[]): void {
  const rest = [...params];
  const stackAt = rest.findIndex((value) => typeof value === 'string' && STACK.test(value));
  const stack = stackAt < 0 ? undefined : rest.splice(stackAt, 1)[0];
  const context = typeof rest.at(-1) === 'string' ? rest.pop() : undefined;
  const facts = {
    ...(context !== undefined && { context }),
    ...(stack !== undefined && { stack }),
    ...(rest.some((value) => value !== undefined) && { details: rest }),
  };
  if (typeof message === 'string') logger[level](facts, message);
  else if (message instanceof Error) logger[level]({ ...facts, err: message }, message.message);
  else logger[level]({ ...facts, detail: message });
}

/** The logger in the shape that Nest's `app.useLogger` takes; `verbose` becomes trace. */
export function nestLogger(logger: Logger): LoggerService {
  const at =
    (level: Level) =>
    (message: unknown, ...params: unknown[]) =>
      write(logger, level, message, params);
  return {
    log: at('info'),
    error: at('error'),
    warn: at('warn'),
    debug: at('debug'),
    verbose: at('trace'),
    fatal: at('fatal'),
  };
}
