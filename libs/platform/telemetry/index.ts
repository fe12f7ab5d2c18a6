export { correlationId, withCorrelation } from './correlation.js';
export { createLogger, type LogLevel, type Logger, type LoggerOptions } from './logger.js';
export { mergeMetrics } from './merge.js';
export { createMetrics, type Metrics } from './metrics.js';
export { nestLogger } from './nest.js';
