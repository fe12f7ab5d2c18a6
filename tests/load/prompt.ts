import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { deploy, type Deployment } from './deployment.js';
import { difference, readHistogram, shareBelow, quantileOf, type Histogram } from './histogram.js';
import { loadNow, note, quantile, table } from './machine.js';
import type { BenchReport } from './main.js';
import { processTree, type ProcessState } from './processes.js';
import { shot } from './prompts.js';

const PER_SECOND = 200;
const SECONDS = 20;
const WARM_UP_S = 5;
const LIMIT_S = 0.01;

interface Answer {
  path: string;
  status: number;
  ms: number;
}

function post(url: string, key: string, body: string, agent: Agent): Promise<number> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((done, fail) => {
    const call = request(url, { method: 'POST', headers, agent }, (answer) => {
      answer.resume().on('end', () => done(answer.statusCode ?? 0));
    });
    call.on('error', fail).end(body);
  });
}

/**
 * Sends requests at a constant rate whether or not the earlier ones were answered (an open loop). A latency counts from
 * the moment at which the request was due, so that a stall of this process or of the service is not left out.
 */
async function arrivals(deployment: Deployment, agent: Agent, seconds: number): Promise<Answer[]> {
  const { url, key } = deployment.service;
  const answers: Promise<Answer>[] = [];
  const send = async (n: number, due: number): Promise<Answer> => {
    const { path, text } = shot(n);
    const body = JSON.stringify(path === '/v1/videos' ? { prompt: text } : { input: text });
    const status = await post(url + path, key, body, agent);
    return { path, status, ms: performance.now() - due };
  };
  const started = performance.now();
  for (let n = 0; n < PER_SECOND * seconds; n++) {
    const due = started + (1000 * n) / PER_SECOND;
    const early = due - performance.now();
    if (early > 0.5) await wait(early);
    answers.push(send(n, due));
  }
  return Promise.all(answers);
}

async function decisions(deployment: Deployment): Promise<Histogram> {
  const text = await (await fetch(`${deployment.service.url}/metrics`)).text();
  return readHistogram(text, 'imprimatur_prompt_decision_seconds');
}

function api({ pid }: Deployment): ProcessState {
  return processTree(pid).find(({ role }) => role === 'api')!;
}

function rows(answers: Answer[], decided: Histogram): (string | number)[][] {
  const latency = (name: string, some: Answer[]) => {
    const ms = some.map((answer) => answer.ms);
    return [name, some.length, ...[0.5, 0.95, 0.99].map((q) => quantile(ms, q).toFixed(1)), Math.max(...ms).toFixed(1)];
  };
  const inside = [0.5, 0.95, 0.99].map((q) => (1000 * quantileOf(decided, q)).toFixed(2));
  const paths = [...new Set(answers.map(({ path }) => path))].sort();
  return [
    ['**decision, inside the service**', decided.count, ...inside, ''],
    ...paths.map((path) =>
      latency(
        `POST ${path}, end to end`,
        answers.filter((answer) => answer.path === path),
      ),
    ),
  ];
}

/** Decision time inside the service, and latency as clients see it, at a constant 200 requests a second. */
export async function benchPrompt(): Promise<BenchReport> {
  const deployment = await deploy({ clip: false });
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  try {
    note(`prompt: ${WARM_UP_S} s to warm up, then ${PER_SECOND} requests/s for ${SECONDS} s`);
    await arrivals(deployment, agent, WARM_UP_S);
    const before = await decisions(deployment);
    const cpuBefore = api(deployment).cpuS;
    const answers = await arrivals(deployment, agent, SECONDS);
    const cpuMs = (1000 * (api(deployment).cpuS - cpuBefore)) / answers.length;
    const decided = difference(await decisions(deployment), before);
    const head = ['', 'requests', 'p50, ms', 'p95, ms', 'p99, ms', 'max, ms'];
    const within = shareBelow(decided, LIMIT_S);
    const facts = [
      `${(100 * within).toFixed(2)} % of the decisions took at most ${LIMIT_S * 1000} ms (limit: 99 %).`,
      `Processor time of the API process: ${cpuMs.toFixed(2)} ms a request, or ${((cpuMs * PER_SECOND) / 10).toFixed(0)} % of one core at this rate. Its memory: at most ${(api(deployment).peakRss / 1e6).toFixed(0)} MB resident.`,
      `Answers: ${countStatuses(answers)}. Load after the run ${loadNow()}.`,
    ];
    const markdown = `${table(head, rows(answers, decided))}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
    return { markdown, met: within >= 0.99 && decided.count === answers.length };
  } finally {
    agent.destroy();
    await deployment.stop();
  }
}

function countStatuses(answers: Answer[]): string {
  const counts = new Map<string, number>();
  for (const { path, status } of answers) counts.set(`${path} ${status}`, (counts.get(`${path} ${status}`) ?? 0) + 1);
  return [...counts].map(([what, count]) => `${count} of ${what}`).join(', ');
}
