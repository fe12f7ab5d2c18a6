import { MultiBar, Presets, type SingleBar } from 'cli-progress';

/** Shows how far each clip is. */
export interface Progress {
  /** @param percent 0..100 */
  update(index: number, percent: number, state: string): void;
  stop(): void;
}

const NAME_WIDTH = 38;

function fit(name: string): string {
  return (name.length > NAME_WIDTH ? `${name.slice(0, NAME_WIDTH - 1)}…` : name).padEnd(NAME_WIDTH);
}

/** One bar for each clip on a terminal; elsewhere one plain line for each change of state. */
export function showProgress(names: string[], stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) {
    const shown = names.map(() => '');
    return {
      update: (index, percent, state) => {
        if (shown[index] === state) return;
        shown[index] = state;
        stream.write(`  ${fit(names[index] ?? '')} ${String(Math.round(percent)).padStart(3)}%  ${state}\n`);
      },
      stop: () => undefined,
    };
  }
  const bars = new MultiBar(
    { format: '  {name} {bar} {percentage}%  {state}', barsize: 24, hideCursor: true, emptyOnZero: true, stream },
    Presets.shades_classic,
  );
  const all: SingleBar[] = names.map((name) => bars.create(100, 0, { name: fit(name), state: '' }));
  return {
    update: (index, percent, state) => all[index]?.update(Math.round(percent), { state }),
    stop: () => bars.stop(),
  };
}

/** Shows nothing: for what is done at once. */
export const NO_PROGRESS: Progress = { update: () => undefined, stop: () => undefined };
