/** Breaks a sentence into lines of at most `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

/** Name and value in two columns, the value wrapped under itself. */
export function field(name: string, value: string, { nameWidth = 16, width = 100 } = {}): string {
  const lines = wrap(value, width - nameWidth);
  return lines.map((line, i) => (i === 0 ? name : '').padEnd(nameWidth) + line).join('\n');
}

/** Bytes in the unit that people read. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const TURNS = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const TURN_MS = 90;
/** What ends sooner needs no sign of life. */
const PATIENCE_MS = 400;

/** Where a sign of life goes. */
export type Screen = Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean };

/** Shows that `work` goes on, on a terminal only. `note` may change while it runs. */
export async function spin<T>(screen: Screen, note: string | (() => string), work: Promise<T>): Promise<T> {
  if (!screen.isTTY) return work;
  const started = Date.now();
  let turn = 0;
  const timer = setInterval(() => {
    const elapsed = Date.now() - started;
    if (elapsed < PATIENCE_MS) return;
    const text = typeof note === 'string' ? note : note();
    screen.write(`\r\u001b[K${TURNS[turn++ % TURNS.length]} ${text} ${Math.floor(elapsed / 1000)} s`);
  }, TURN_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    screen.write('\r\u001b[K');
  }
}
