import { writeFile } from 'node:fs/promises';
import type { VerifyReport } from '#contracts';
import type { ScratchSpace } from '#platform/storage';

/** Local files of a report; whoever gets them moves them away. */
export interface MadeFiles {
  json?: string;
  pdf?: string;
  bundle?: string;
}

/** Writes the files of a report. The submitted file is still there while it does, and is deleted right after. */
export interface ReportMaker {
  make(report: VerifyReport, submittedPath: string): Promise<MadeFiles>;
}

/** Writes the report as JSON and nothing else. */
export function jsonReport(scratch: ScratchSpace): ReportMaker {
  return {
    async make(report) {
      const { path } = await scratch.file('json');
      await writeFile(path, `${JSON.stringify(report, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
      return { json: path };
    },
  };
}
