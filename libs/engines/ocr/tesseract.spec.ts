import { setTimeout as after } from 'node:timers/promises';
import { openTesseract } from './tesseract.js';
import { chipOf, greyOf } from './chips.js';
import { draw } from './testing/draw.js';

describe('the reading thread', () => {
  it('ends when idle, reads again on demand, and fails once closed', async () => {
    const frame = await draw({
      ground: '<rect width="100%" height="100%" fill="#fff"/>',
      texts: [{ text: 'Élève à Noël', x: 20, y: 46, size: 32, fill: '#000' }],
      ...{ width: 260, height: 64 },
    });
    const quad = { centre: { x: 130, y: 32 }, length: 260, height: 64, angle: 0 };
    const grey = greyOf(chipOf(frame, quad));
    const reader = await openTesseract(10_000, 30);
    for (let i = 0; i < 2; i++) {
      const { text, confidence } = await reader.read(grey, grey.length / 48, 48);
      expect(text).toBe('Élève à Noël');
      expect(confidence).toBeGreaterThan(0.7);
      await after(200);
    }
    await reader.close();
    await expect(reader.read(grey, grey.length / 48, 48)).rejects.toMatchObject({ code: 'ocr_closed' });
  });
});
