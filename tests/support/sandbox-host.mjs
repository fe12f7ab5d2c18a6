// Host module for the sandbox's tests: tasks that behave well, and tasks that do not.
import { Buffer } from 'node:buffer';
import dgram from 'node:dgram';
import { lookup, promises } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { Worker } from 'node:worker_threads';
import { AppError } from '#kernel';
import { serveSandbox } from '#platform/sandbox';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const attempt = async (work) => {
  try {
    await work();
    return 'went through';
  } catch (error) {
    return error.cause?.code ?? error.code ?? error.message;
  }
};
const emitted = (emitter) => new Promise((done, fail) => emitter.once('error', fail).once('connect', done));

serveSandbox({
  double: async (numbers) => Float32Array.from(numbers, (n) => n * 2),
  pid: async (ms) => (await wait(ms), process.pid),
  environment: async () => ({ ...process.env }),
  progress: async (steps, { progress }) => {
    for (let i = 1; i <= steps; i++) progress(i / steps);
    return 'done';
  },
  refuse: async () => {
    throw new AppError('unsupported_media', 'no_video_stream', 'The file holds no video.', {
      param: 'file',
      data: { n: 1 },
    });
  },
  fail: async () => {
    throw new TypeError('cannot read /secret/place');
  },
  unclonable: async () => () => 'a function',
  spin: async () => {
    for (;;);
  },
  hog: async () => {
    const kept = [];
    for (;;) {
      kept.push(Buffer.alloc(8 * 1024 * 1024, 1));
      await wait(5);
    }
  },
  heap: async () => {
    const kept = [];
    for (;;) kept.push({ text: `${kept.length}`.repeat(20), list: [kept.length, {}] });
  },
  crash: async () => process.abort(),
  exit: async () => process.exit(3),
  network: async (port) => ({
    tcp: await attempt(() => emitted(net.connect(port, '127.0.0.1'))),
    socket: await attempt(() => emitted(new net.Socket().connect({ path: '/tmp/x.sock' }))),
    http: await attempt(() => emitted(http.get({ port, host: '127.0.0.1' }))),
    https: await attempt(() => emitted(https.get({ port, host: '127.0.0.1' }))),
    fetch: await attempt(() => globalThis.fetch(`http://127.0.0.1:${port}/`)),
    listen: await attempt(() => net.createServer().listen(0)),
    udp: await attempt(() => dgram.createSocket('udp4').send('x', port, '127.0.0.1')),
    lookup: await attempt(() => new Promise((done) => lookup('localhost', done))),
    resolve: await attempt(() => promises.resolve4('localhost')),
    resolver: await attempt(() => new promises.Resolver().resolve4('localhost')),
    restore: await attempt(() => {
      net.Socket.prototype.connect = () => 'open again';
    }),
    thread: await attempt(
      () =>
        new Promise((done, fail) => {
          const code = `require('node:net').connect(${port}, '127.0.0.1').on('connect', () => process.exit(0))`;
          new Worker(code, { eval: true }).once('error', fail).once('exit', done);
        }),
    ),
  }),
});
