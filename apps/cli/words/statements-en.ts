/** English words of `statements`. */
export const statementsEn = {
  help: 'statements of reasons',
  export: 'write statements of reasons as the DSA Transparency Database takes them',
  from: 'first day, UTC (default: today)',
  to: 'last day, UTC (default: today)',
  format: 'csv: columns of the bulk files of the database; api: one request body of up to 100 statements a line',
  out: 'file to write (default: standard output)',
  badDate: (date: string) => `"${date}" is no day; write it like 2026-12-31.`,
  badRange: 'The last day lies before the first.',
  badFormat: (format: string) => `"${format}" is no form that is written; choose csv or api.`,
  written: (file: string) => `Written to ${file}. Sending it is up to you.`,
};
