export { createExaminer, type Examiner, type ExaminerOptions } from './examiner.js';
export {
  Inspector,
  quotedSpeech,
  type Inspected,
  type InspectionServices,
  type InspectOptions,
  type LookedUp,
} from './inspector.js';
export type { ExaminationTasks, Looked, MarkSearch, RunTask, ScreenedImage, SeenTemplate } from './tasks.js';
export { faultNote } from './words.js';
