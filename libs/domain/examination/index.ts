export { createExaminer, type Examiner, type ExaminerOptions } from './examiner.js';
export type { ExaminationTasks, MarkSearch, RunTask, ScreenedImage } from './tasks.js';
