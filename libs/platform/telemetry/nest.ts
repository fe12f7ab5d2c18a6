import { type LoggerService } from '@nestjs/common';
import { type Logger } from './logger.js';

/** The logger in the shape that Nest's `app.useLogger` takes. */
export function nestLogger(_logger: Logger): LoggerService {
  throw new Error('to be written');
}
