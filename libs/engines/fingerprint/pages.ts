type Numbers = Int32Array | Uint32Array | Float64Array;

const PAGE_BITS = 14;
const PAGE = 1 << PAGE_BITS;

/** A growing table of numbers, `width` a row, in pages: growing copies nothing and takes no second memory. */
export class Pages<T extends Numbers> {
  readonly pages: T[] = [];

  /** @param make an array of so many numbers */
  constructor(
    readonly width: number,
    private readonly make: (length: number) => T,
  ) {}

  /** Row numbers inside a page take so many bits. */
  static readonly bits = PAGE_BITS;
  /** Rows of a page. */
  static readonly rows = PAGE;

  /** Makes room for a row. */
  reserve(row: number): void {
    while (this.pages.length <= row >> PAGE_BITS) this.pages.push(this.make(PAGE * this.width));
  }

  get(row: number, column = 0): number {
    return this.pages[row >> PAGE_BITS]![(row & (PAGE - 1)) * this.width + column] as number;
  }

  set(row: number, column: number, value: number): void {
    this.pages[row >> PAGE_BITS]![(row & (PAGE - 1)) * this.width + column] = value;
  }

  /** Memory of the arrays. */
  get bytes(): number {
    return this.pages.reduce((sum, page) => sum + page.byteLength, 0);
  }
}

/** Hands out row numbers; those given back come first. */
export class Rows {
  private readonly free: number[] = [];
  /** Rows that were ever in use: one past the highest. */
  high = 0;

  take(): number {
    return this.free.pop() ?? this.high++;
  }

  giveBack(row: number): void {
    this.free.push(row);
  }

  /** Rows in use. */
  get used(): number {
    return this.high - this.free.length;
  }
}
