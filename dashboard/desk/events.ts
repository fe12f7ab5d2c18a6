import { useEffect, useRef } from 'react';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { DeskEvent } from '#contracts';

type Ear = (event: DeskEvent) => void;

const TYPES: readonly DeskEvent['type'][] = [
  'case.changed',
  'queue.changed',
  'lease.lost',
  'presence',
  'clock',
  'shift',
  'resync',
];

const ears = new Set<Ear>();
let source: EventSource | null = null;
/** Whether the stream was open once: the next opening comes after a gap. */
let opened = false;

function tell(event: DeskEvent): void {
  ears.forEach((ear) => ear(event));
}

function open(): EventSource {
  const stream = new EventSource('/v1/desk/events');
  for (const type of TYPES) {
    stream.addEventListener(type, ({ data }) => tell(JSON.parse(String(data)) as DeskEvent));
  }
  stream.onopen = () => {
    if (opened) tell({ type: 'resync' });
    opened = true;
  };
  return stream;
}

/** Hears what happens at the desk, for as long as the component is there. One stream serves the whole page. */
export function useDeskEvents(ear: Ear): void {
  const latest = useRef(ear);
  useEffect(() => {
    latest.current = ear;
  });
  useEffect(() => {
    const mine: Ear = (event) => latest.current(event);
    ears.add(mine);
    source ??= open();
    return () => {
      ears.delete(mine);
      if (ears.size) return;
      source?.close();
      source = null;
      opened = false;
    };
  }, []);
}

/** Lists that an event makes old. */
function stale({ type }: DeskEvent): string[] {
  if (type === 'presence' || type === 'lease.lost') return [];
  if (type === 'shift') return ['shift'];
  return ['cases', 'shift', 'queues'];
}

/** Events come in bursts when many people work; lists are read again at most that often. */
const CALM_MS = 1_000;

/** Reads lists again when something that they show has changed. */
export function useFreshLists(): void {
  const client: QueryClient = useQueryClient();
  const due = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useDeskEvents((event) => {
    for (const key of stale(event)) due.current.add(key);
    if (!due.current.size || timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      for (const key of due.current) void client.invalidateQueries({ queryKey: [key] });
      due.current.clear();
    }, CALM_MS);
  });
  useEffect(() => () => void (timer.current && clearTimeout(timer.current)), []);
}
