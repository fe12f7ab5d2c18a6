// A parent process that the sandbox's test kills: it keeps one child busy and one idle, and prints their ids.
import { createSandbox } from '#platform/sandbox';

const sandbox = createSandbox({ module: process.argv[2], size: 2, maxRssMb: 400, defaultTimeoutMs: 60_000 });
await Promise.all([sandbox.run('pid', 100), sandbox.run('pid', 100)]);
void sandbox.run('spin', null);
setTimeout(() => process.stdout.write(`${JSON.stringify(sandbox.pids())}\n`), 300);
