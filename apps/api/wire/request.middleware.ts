import type { NextFunction, Request, Response } from 'express';
import { newId } from '#kernel';
import { withCorrelation, type Logger, type Metrics } from '#platform/telemetry';

/** The route's pattern; what no route matched is one name, so that strangers cannot fill the metrics. */
function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : 'unmatched';
}

/** Gives each request an id, a log line and its numbers. A caller's own id is kept when it is harmless. */
export function requests(logger: Logger, metrics: Metrics) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const given = request.headers['x-request-id'];
    const id = typeof given === 'string' && /^[\w.-]{8,100}$/.test(given) ? given : newId('req');
    const started = performance.now();
    response.setHeader('x-request-id', id);
    response.on('finish', () => {
      const seconds = (performance.now() - started) / 1000;
      const route = routeOf(request);
      metrics.httpRequest(route, request.method, response.statusCode, seconds);
      logger.info(
        { id, method: request.method, route, status: response.statusCode, ms: Math.round(seconds * 1000) },
        'request',
      );
    });
    withCorrelation(id, next);
  };
}
