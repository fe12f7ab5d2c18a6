import { readdirSync, readFileSync } from 'node:fs';

/** What a process of the deployment is. */
export type Role = 'supervisor' | 'api' | 'worker' | 'sandbox' | 'other';

/** One process at one moment. */
export interface ProcessState {
  pid: number;
  role: Role;
  /** Resident memory in bytes; pages shared with others count in full. */
  rss: number;
  /** Most resident memory that it ever had, in bytes, as the kernel kept it. */
  peakRss: number;
  /** Proportional memory in bytes: shared pages are divided among those who share them. 0 unless asked for. */
  pss: number;
  /** Processor time used so far, in seconds. */
  cpuS: number;
}

/** USER_HZ of Linux. */
const TICKS = 100;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended
  }
}

function roleOf(cmdline: string): Role {
  if (cmdline.includes('apps/cli/')) return 'supervisor';
  if (cmdline.includes('api/main.js')) return 'api';
  if (cmdline.includes('worker/main.js')) return 'worker';
  return cmdline.includes('examination/host.js') ? 'sandbox' : 'other';
}

function kib(text: string, name: string): number {
  return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
}

/** The process and all that descend from it. Linux only. */
export function processTree(root: number, withPss = false): ProcessState[] {
  const children = new Map<number, number[]>();
  const cpu = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!pid) continue;
    const stat = read(`/proc/${pid}/stat`);
    // The name may hold spaces and brackets; the fields follow the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
    cpu.set(pid, (Number(fields[11]) + Number(fields[12])) / TICKS);
  }
  const found: ProcessState[] = [];
  const visit = (pid: number) => {
    const status = read(`/proc/${pid}/status`);
    const pss = withPss ? kib(read(`/proc/${pid}/smaps_rollup`), 'Pss') : 0;
    if (status)
      found.push({
        pid,
        role: roleOf(read(`/proc/${pid}/cmdline`)),
        rss: kib(status, 'VmRSS'),
        peakRss: kib(status, 'VmHWM'),
        pss,
        cpuS: cpu.get(pid) ?? 0,
      });
    for (const child of children.get(pid) ?? []) visit(child);
  };
  visit(root);
  return found;
}

/** The deployment at one moment, in milliseconds since the epoch. */
export interface Sample {
  at: number;
  processes: ProcessState[];
}

/** Looks at a process tree regularly until stopped. */
export class Sampler {
  readonly samples: Sample[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly root: number,
    everyMs: number,
    private readonly withPss = false,
  ) {
    this.look();
    this.timer = setInterval(() => this.look(), everyMs);
  }

  private look(): void {
    this.samples.push({ at: Date.now(), processes: processTree(this.root, this.withPss) });
  }

  stop(): Sample[] {
    clearInterval(this.timer);
    this.look();
    return this.samples;
  }
}

/** Processor seconds of the roles until the moment, between samples in proportion. */
export function cpuAt(samples: Sample[], roles: Role[], at: number): number {
  const total = ({ processes }: Sample) =>
    processes.filter(({ role }) => roles.includes(role)).reduce((sum, { cpuS }) => sum + cpuS, 0);
  const after = samples.findIndex((sample) => sample.at >= at);
  if (after <= 0) return total(samples.at(after)!);
  const [a, b] = [samples[after - 1]!, samples[after]!];
  return total(a) + ((total(b) - total(a)) * (at - a.at)) / Math.max(1, b.at - a.at);
}
