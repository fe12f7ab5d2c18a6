import PDFDocument from 'pdfkit';
import { Fonts, type Face } from './fonts.js';

type Doc = InstanceType<typeof PDFDocument>;
type Element = ReturnType<Doc['struct']>;

/** A4 in points, and the column that is written in. */
export const PAGE = { width: 595.28, height: 841.89, left: 56, right: 56, top: 64, bottom: 70 };
export const COLUMN = PAGE.width - PAGE.left - PAGE.right;

/** No green and no red: a report neither approves nor condemns. */
export const INK = {
  text: '#1b1f27',
  soft: '#5b6472',
  faint: '#8a93a1',
  line: '#d5dae1',
  tint: '#f3f5f8',
  ours: '#2b4c8c',
  oursTint: '#e6ecf6',
  against: '#a8560b',
  againstTint: '#fbf1e4',
};

/** How a paragraph is set. Sizes in points. */
export interface Style {
  face?: Face;
  size?: number;
  /** Distance of baselines. */
  lead?: number;
  color?: string;
  x?: number;
  width?: number;
}

/** A line of a table. A `mono` value is set in letters of one width. */
export interface Row {
  name: string;
  value: string;
  mono?: boolean;
}

/** Ascender of Noto Sans as a share of its size. */
const ASCENT = 1.069;
const SIZE = 9.5;

const lead = ({ size = SIZE, lead: given }: Style) => given ?? size * 1.45;

/** French punctuation stays with its word. */
const kept = (text: string) => text.replace(/ ([;:!?»])/g, '\u00a0$1').replace(/« /g, '«\u00a0');

/** What a {@link Paper} begins with. Text in it is ours. */
export interface PaperOptions {
  lang: string;
  title: string;
  author: string;
  subject: string;
  at: Date;
}

/** A tagged A4 document that is written from top to bottom, and continues on a new page where one is full. */
export class Paper {
  readonly doc: Doc;
  readonly fonts: Fonts;
  /** Top of what comes next. */
  y = PAGE.top;
  private readonly root: Element;
  private section: Element;
  private readonly chunks: Buffer[] = [];

  constructor(options: PaperOptions) {
    const { lang, title, author, subject, at } = options;
    this.doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      bufferPages: true,
      pdfVersion: '1.7',
      lang,
      tagged: true,
      displayTitle: true,
      info: { Title: title, Author: author, Subject: subject, CreationDate: at, ModDate: at },
    });
    this.doc.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    this.fonts = new Fonts(this.doc);
    this.root = this.doc.struct('Document');
    this.doc.addStructure(this.root);
    this.section = this.openSection();
  }

  private openSection(): Element {
    const section = this.doc.struct('Sect');
    this.root.add(section);
    return section;
  }

  /** Begins a new page. */
  turn(): void {
    this.doc.addPage();
    this.y = PAGE.top;
  }

  /** Turns the page unless `height` points are left on it. */
  need(height: number): void {
    if (this.y + height > PAGE.height - PAGE.bottom) this.turn();
  }

  space(points: number): void {
    this.y += points;
  }

  /** Draws what carries a meaning of its own, in a structure element. */
  tag(role: string, draw: () => void, into: Element = this.section, alt?: string): void {
    const element = this.doc.struct(role, alt ? { alt } : {});
    into.add(element);
    const content = this.doc.markStructureContent(role, alt ? { alt } : {});
    draw();
    this.doc.endMarkedContent();
    element.add(content);
  }

  /** Draws what only decorates. */
  artifact(draw: () => void): void {
    this.doc.markContent('Artifact', { type: 'Layout' });
    draw();
    this.doc.endMarkedContent();
  }

  /** One line at a place, without structure of its own. `y` is the top of the line. */
  line(text: string, x: number, y: number, style: Style = {}): void {
    const { face = 'regular', size = SIZE, color = INK.text } = style;
    let at = x;
    for (const run of this.fonts.runs(text, face)) {
      this.fonts.use(run.font, size);
      this.doc.fillColor(color).text(run.text, at, y + ASCENT * size, { lineBreak: false, baseline: 'alphabetic' });
      at += this.doc.widthOfString(run.text);
    }
  }

  /** The lines of a text in a style. */
  lines(text: string, { face = 'regular', size = SIZE, width = COLUMN }: Style = {}): string[] {
    return this.fonts.lines(kept(text), face, size, width);
  }

  /** Height of a text in points. */
  height(text: string, style: Style = {}): number {
    return this.lines(text, style).length * lead(style);
  }

  /** A text at a place, untagged. @returns its height */
  block(text: string, x: number, y: number, style: Style = {}): number {
    const lines = this.lines(text, style);
    lines.forEach((line, i) => this.line(line, x, y + i * lead(style), style));
    return lines.length * lead(style);
  }

  /** A paragraph below what is there; it may go on on the next page. */
  text(text: string, style: Style = {}, role = 'P', into: Element = this.section): void {
    const { x = PAGE.left } = style;
    const lines = this.lines(text, style);
    const step = lead(style);
    const element = this.doc.struct(role);
    into.add(element);
    for (let from = 0; from < lines.length;) {
      // Never one line alone at the foot of a page.
      this.need(Math.min(2, lines.length - from) * step);
      const room = Math.max(1, Math.floor((PAGE.height - PAGE.bottom - this.y + 0.01) / step));
      const part = lines.slice(from, from + room);
      const content = this.doc.markStructureContent(role);
      part.forEach((line, i) => this.line(line, x, this.y + i * step, style));
      this.doc.endMarkedContent();
      element.add(content);
      this.y += part.length * step;
      from += part.length;
    }
  }

  /** Begins a section: heading, bookmark, structure. @param keep height that has to stand with the heading */
  heading(text: string, keep = 60): void {
    if (this.y > PAGE.top) this.space(18);
    this.need(keep + 24);
    this.section = this.openSection();
    this.doc.outline.addItem(text);
    this.artifact(() => this.rule(this.y));
    this.space(9);
    this.text(text, { face: 'strong', size: 13, lead: 19 }, 'H1');
    this.space(5);
  }

  /** A heading within a section. */
  subheading(text: string, keep = 40): void {
    this.space(8);
    this.need(keep);
    this.text(text, { face: 'strong', size: 10, lead: 15 }, 'H2');
    this.space(2);
  }

  /** Paragraphs with a dot before each. */
  list(texts: string[], style: Style = {}): void {
    const list = this.doc.struct('L');
    this.section.add(list);
    for (const text of texts) {
      const item = this.doc.struct('LI');
      list.add(item);
      this.need(Math.min(2, this.lines(text, { ...style, width: COLUMN - 14 }).length) * lead(style));
      const y = this.y;
      this.artifact(() => this.doc.circle(PAGE.left + 3, y + lead(style) * 0.52, 1.4).fill(INK.soft));
      this.text(text, { ...style, x: PAGE.left + 14, width: COLUMN - 14 }, 'LBody', item);
      this.space(2.5);
    }
  }

  private cells({ name, value, mono }: Row, nameWidth: number) {
    const left: Style = { size: 8.5, lead: 12.5, color: INK.soft, width: nameWidth - 12 };
    const right: Style = {
      size: mono ? 8 : 9,
      lead: 12.5,
      face: mono ? 'mono' : 'regular',
      x: PAGE.left + nameWidth,
      width: COLUMN - nameWidth,
    };
    const names = this.height(name, left);
    return { left, right, names, height: Math.min(Math.max(names, this.height(value, right)), 120) + 7 };
  }

  /** Names and values in two columns, ruled, under a heading that stays with the first of them. */
  table(rows: Row[], { title, nameWidth = 150 }: { title?: string; nameWidth?: number } = {}): void {
    const [first] = rows;
    if (!first) return;
    if (title) this.subheading(title, 20 + this.cells(first, nameWidth).height);
    const table = this.doc.struct('Table');
    this.section.add(table);
    for (const cells of rows) {
      const { name, value } = cells;
      const { left, right, names, height } = this.cells(cells, nameWidth);
      this.need(height);
      const row = this.doc.struct('TR');
      table.add(row);
      this.space(3.5);
      this.tag('TH', () => this.block(name, PAGE.left, this.y, left), row);
      const [top, page] = [this.y, this.doc.page];
      this.text(value, right, 'TD', row);
      if (this.doc.page === page) this.y = Math.max(this.y, top + names);
      this.space(3.5);
      this.artifact(() => this.rule(this.y));
    }
  }

  /** A thin line over the column. */
  rule(y: number): void {
    this.doc
      .moveTo(PAGE.left, y)
      .lineTo(PAGE.left + COLUMN, y)
      .lineWidth(0.5)
      .strokeColor(INK.line)
      .stroke();
  }

  /** Draws the same on every page: running heads and feet. */
  everyPage(draw: (page: number, pages: number) => void): void {
    const { count } = this.doc.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.doc.switchToPage(page);
      this.doc.markContent('Artifact', { type: 'Pagination' });
      draw(page + 1, count);
      this.doc.endMarkedContent();
    }
  }

  /** Ends the document. @returns its bytes */
  async finish(): Promise<Buffer> {
    this.root.end();
    const ended = new Promise((done) => this.doc.on('end', done));
    this.doc.end();
    await ended;
    return Buffer.concat(this.chunks);
  }
}
