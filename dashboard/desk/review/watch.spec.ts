import { joined, Watch } from './watch.js';

function watchAt() {
  const time = { ms: 0 };
  return { time, watch: new Watch(() => time.ms) };
}

it('counts clear time once, whatever is said twice', () => {
  const { time, watch } = watchAt();
  watch.clear(true);
  time.ms = 400;
  watch.clear(true);
  time.ms = 1000;
  watch.clear(false);
  watch.clear(false);
  time.ms = 9000;
  expect(watch.take()).toEqual({ unblurred_ms: 1000, watched: [] });
  expect(watch.take().unblurred_ms).toBe(0);
});

it('a report in the middle of a look takes what was, and the rest comes with the next', () => {
  const { time, watch } = watchAt();
  watch.clear(true);
  time.ms = 700;
  expect(watch.take().unblurred_ms).toBe(700);
  time.ms = 1000;
  expect(watch.unblurredMs).toBe(300);
  watch.clear(false);
  expect(watch.take().unblurred_ms).toBe(300);
});

it('what did not arrive is told again', () => {
  const { time, watch } = watchAt();
  watch.clear(true);
  time.ms = 500;
  watch.clear(false);
  watch.at(1);
  watch.at(1.5);
  const lost = watch.take();
  watch.giveBack(lost);
  expect(watch.take()).toEqual({ unblurred_ms: 500, watched: [[1, 1.5]] });
});

it('no report is longer than the service takes', () => {
  const { time, watch } = watchAt();
  watch.clear(true);
  time.ms = 5_000_000;
  expect(watch.take().unblurred_ms).toBe(600_000);
});

it('a leap begins another stretch; stretches that touch are one', () => {
  const { watch } = watchAt();
  for (const second of [0, 0.5, 1, 3, 3.5]) watch.at(second);
  watch.stop();
  watch.at(1.1);
  watch.at(2);
  expect(watch.take().watched).toEqual([
    [0, 2],
    [3, 3.5],
  ]);
  expect(
    joined([
      [2.004, 3],
      [0, 1.006],
    ]),
  ).toEqual([
    [0, 1.01],
    [2, 3],
  ]);
});
