/** One file of this folder: measures one room and says so in Markdown. It throws when it could not measure. */
export interface Section {
  evaluate(): Promise<string>;
}
