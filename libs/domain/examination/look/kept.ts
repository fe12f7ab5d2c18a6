/** Something that takes long to load and is kept for the life of the process; a failure is not kept. */
export class Kept<T> {
  private loading: Promise<T> | undefined;

  constructor(private readonly load: () => Promise<T>) {}

  /** @throws what loading threw; the next call tries again */
  get(): Promise<T> {
    const loading = (this.loading ??= this.load());
    loading.catch(() => {
      if (this.loading === loading) this.loading = undefined;
    });
    return loading;
  }
}
