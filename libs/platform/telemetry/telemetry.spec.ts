import { Logger as NestLogger } from '@nestjs/common';
import { AppError, sleep } from '#kernel';
import {
  correlationId,
  createLogger,
  createMetrics,
  type LogLevel,
  mergeMetrics,
  nestLogger,
  withCorrelation,
} from './index.js';

interface Line extends Record<string, unknown> {
  level: string;
  msg: string;
}

function capture(level: LogLevel = 'trace') {
  const raw: string[] = [];
  const logger = createLogger({ level, name: 'spec', destination: { write: (line) => void raw.push(line) } });
  return { logger, raw, lines: () => raw.map((line) => JSON.parse(line) as Line) };
}

describe('the logger', () => {
  it('writes one JSON object a line with name, level, time and message', () => {
    const { logger, raw, lines } = capture('info');
    logger.debug('not written');
    logger.info({ clipId: 'clip_1' }, 'made %s in %d ms', 'a clip', 12);
    expect(raw).toHaveLength(1);
    expect(raw[0]).toMatch(/^\{.*\}\n$/);
    expect(lines()[0]).toMatchObject({ level: 'info', name: 'spec', clipId: 'clip_1', msg: 'made a clip in 12 ms' });
    expect(new Date(String(lines()[0]?.['time'])).getFullYear()).toBeGreaterThan(2020);
  });

  it('never writes secrets, at any depth, level or place', () => {
    const { logger, raw } = capture();
    const secrets = {
      headers: { Authorization: 'Bearer s3cr3t-value', cookie: 's3cr3t-value', 'x-api-key': 's3cr3t-value' },
      config: [
        { s3: { secretAccessKey: 's3cr3t-value', accessKeyId: 'AKID' } },
        new Map([['a', { apiKey: 's3cr3t-value' }]]),
      ],
      api_key: { key: 's3cr3t-value' },
      webhookSecret: 's3cr3t-value',
      database: 'postgres://user:s3cr3t-value@host/db',
      url: 'redis://:s3cr3t-value@host:6379',
    };
    for (const level of ['trace', 'info', 'error'] as const) {
      logger[level](secrets, 'with Bearer s3cr3t-value');
      logger[level]('formatted %o and %j', secrets, secrets);
      logger.child(secrets)[level]('child');
      logger[level](Object.assign(new Error('Bearer s3cr3t-value', { cause: secrets }), secrets));
    }
    expect(raw).toHaveLength(12);
    expect(raw.join('')).not.toContain('s3cr3t');
    expect(raw.join('')).toContain('AKID');
  });

  it('keeps a maker’s words out of lines of level info and above', () => {
    const { logger, lines } = capture();
    const request = { body: { prompt: 'my words', input: [{ text: 'my words' }] }, seconds: 4 };
    logger.info(request);
    logger.error({ err: new AppError('invalid', 'bad', 'No.', { data: { prompt: 'my words' } }) });
    logger.child(request).warn('child');
    expect(JSON.stringify(lines())).not.toContain('my words');
    expect(lines()[0]).toMatchObject({ body: { prompt: '[redacted]' }, seconds: 4 });
    logger.debug(request);
    expect(lines()[3]).toMatchObject(request);
  });

  it('writes errors with type, code, stack and cause, and stands odd values', () => {
    const { logger, lines } = capture();
    const error = new AppError('internal', 'it_broke', 'It broke.', { cause: new Error('deep') });
    logger.error(error);
    logger.error({ err: error }, 'context');
    const loop: Record<string, unknown> = { big: 1n, bytes: new Uint8Array(5), at: new Date(0) };
    loop['self'] = loop;
    logger.info(loop, 'odd');
    const [alone, inContext, odd] = lines();
    expect(alone).toMatchObject({
      msg: 'It broke.',
      err: { type: 'AppError', code: 'it_broke', kind: 'internal', cause: { message: 'deep' } },
    });
    expect(inContext).toMatchObject({ msg: 'context', err: { type: 'AppError', message: 'It broke.' } });
    expect((alone?.['err'] as { stack: string }).stack).toContain('telemetry.spec');
    expect(odd).toMatchObject({ big: '1', bytes: '[5 bytes]', at: '1970-01-01T00:00:00.000Z', self: '[...]' });
  });

  it('carries the correlation id through what is awaited, apart for each', async () => {
    const { logger, lines } = capture();
    const serve = (id: string, ms: number) =>
      withCorrelation(id, async () => {
        await sleep(ms);
        logger.info('served');
        return correlationId();
      });
    expect(await Promise.all([serve('a', 20), serve('b', 5)])).toEqual(['a', 'b']);
    logger.info('outside');
    expect(lines().map((line) => line['correlation_id'])).toEqual(['b', 'a', undefined]);
    expect(correlationId()).toBeUndefined();
  });

  it('serves Nest', () => {
    const { logger, lines } = capture();
    NestLogger.overrideLogger(nestLogger(logger));
    const nest = new NestLogger('Router');
    nest.log('mapped');
    nest.error('failed', new Error('x').stack);
    nest.verbose({ token: 'hidden' });
    nest.fatal(new Error('end'));
    NestLogger.overrideLogger(false);
    expect(lines()).toMatchObject([
      { level: 'info', msg: 'mapped', context: 'Router' },
      { level: 'error', msg: 'failed', context: 'Router', stack: expect.stringContaining('Error: x') as string },
      { level: 'trace', detail: { token: '[redacted]' } },
      { level: 'fatal', err: { message: 'end' } },
    ]);
  });
});

/** Value of one sample of Prometheus text. */
function sample(text: string, name: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

describe('the metrics', () => {
  it('count and time under imprimatur_ names', async () => {
    const metrics = createMetrics({ process: true });
    metrics.setJobs('media', 'waiting', 3);
    metrics.jobDone('media', 'inspect', 'completed', 2);
    metrics.stepDone('mark', 0.2);
    metrics.decision('prompt', 'refuse', ['hate', 'violence']);
    metrics.decision('clip', 'allow', []);
    metrics.promptDecision(0.00007);
    metrics.detectorError('vision.nsfw');
    metrics.httpRequest('/v1/videos/:id', 'GET', 200, 0.003);
    metrics.webhookDelivery('delivered', 0.1);
    metrics.webhookDelivery('given_up');
    metrics.generatorCall('embedded', 'create', 'ok', 0.5);
    const text = await metrics.render();
    const expected = {
      'imprimatur_jobs{queue="media",state="waiting"}': 3,
      'imprimatur_jobs_ended_total{queue="media",job="inspect",result="completed"}': 1,
      'imprimatur_step_seconds_sum{step="mark"}': 0.2,
      'imprimatur_decisions_total{stage="prompt",outcome="refuse",category="violence"}': 1,
      'imprimatur_decisions_total{stage="clip",outcome="allow",category="none"}': 1,
      'imprimatur_prompt_decision_seconds_bucket{le="0.00005"}': 0,
      'imprimatur_prompt_decision_seconds_bucket{le="0.0001"}': 1,
      'imprimatur_detector_errors_total{detector="vision.nsfw"}': 1,
      'imprimatur_http_requests_total{route="/v1/videos/:id",method="GET",status="200"}': 1,
      'imprimatur_http_request_seconds_count{route="/v1/videos/:id",method="GET"}': 1,
      'imprimatur_webhook_deliveries_total{result="given_up"}': 1,
      'imprimatur_webhook_delivery_seconds_count{result="delivered"}': 1,
      'imprimatur_generator_calls_total{engine="embedded",operation="create",result="ok"}': 1,
    };
    for (const [name, value] of Object.entries(expected)) expect([name, sample(text, name)]).toEqual([name, value]);
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] as string);
    expect(names.filter((name) => !name.startsWith('imprimatur_'))).toEqual([]);
    expect(names).toContain('imprimatur_process_resident_memory_bytes');
  });

  it('add up over processes, and skip what cannot be read', async () => {
    const [api, worker] = [createMetrics(), createMetrics()];
    for (const metrics of [api, worker]) {
      metrics.stepDone('mark', 0.2);
      metrics.setJobs('media', 'waiting', 4);
    }
    worker.stepDone('mark', 20);
    worker.httpRequest('/a"b\n', 'GET', 500, 1);
    const json = await worker.serialise();
    const text = await api.render([json, 'not json', '[{"name":"x y"}]', json.slice(0, 50)]);
    expect(sample(text, 'imprimatur_step_seconds_count{step="mark"}')).toBe(3);
    expect(sample(text, 'imprimatur_step_seconds_bucket{le="0.25",step="mark"}')).toBe(2);
    expect(sample(text, 'imprimatur_jobs{queue="media",state="waiting"}')).toBe(4);
    expect(text).toContain('route="/a\\"b\\n"');
    expect(await mergeMetrics([])).toBe('\n');
  });
});
