import { median, quantile } from './machine.js';

/** Milliseconds of a call by the clock, and of the processor: the first depends on what else runs. */
export class Times {
  private readonly wall: number[] = [];
  private cpu = 0;

  /** Does some work once more. */
  async of(work: () => unknown): Promise<void> {
    const before = process.cpuUsage();
    const started = performance.now();
    await work();
    this.wall.push(performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    this.cpu += (user + system) / 1000;
  }

  /** Processor time, the mean. */
  get processor(): number {
    return this.cpu / this.wall.length;
  }

  /** Processor mean; least, median and p99 by the clock. */
  get cells(): string[] {
    const { wall } = this;
    return [this.processor, Math.min(...wall), median(wall), quantile(wall, 0.99)].map((ms) => ms.toFixed(1));
  }
}
