export { createExaminer, type Examiner, type ExaminerOptions } from './examiner.js';
export {
  Inspector,
  quotedSpeech,
  type Inspected,
  type InspectionServices,
  type InspectOptions,
  type LookedUp,
} from './inspector.js';
export type { Outcome } from './look/part.js';
export type {
  EnrolmentLook,
  ExaminationTasks,
  Looked,
  MarkSearch,
  Prints,
  RunTask,
  ScreenedImage,
  SeenTemplate,
  Traced,
  TracedPictures,
} from './tasks.js';
export { faultNote, unablePart } from './words.js';
