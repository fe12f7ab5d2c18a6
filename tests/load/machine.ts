import { availableParallelism, cpus, loadavg } from 'node:os';

/** Date, processor, Node and load: without these a number says little. */
export function describeMachine(): string {
  const load = loadavg().map((n) => n.toFixed(1));
  const at = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${at}; ${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'an unknown processor'}; Node ${process.version}; load before the run ${load.join(', ')} (1, 5, 15 min).`;
}

/** One-minute load right now, for rows. */
export function loadNow(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

/** The middle value; NaN without values. */
export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` lies (nearest rank). */
export function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? NaN;
}

/** A Markdown table. */
export function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

/** Progress for who waits; results alone go to stdout. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
