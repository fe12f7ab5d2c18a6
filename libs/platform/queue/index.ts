export {
  JobError,
  JobHandlers,
  JOBS,
  QUEUES,
  type JobContext,
  type JobName,
  type JobPayload,
  type QueueName,
} from './jobs.js';
export { promiseJob, type PromisedJob } from './outbox.js';
export { QueueClient, queueConnection, startWorkers, type QueueConfig, type WorkerOptions } from './queues.js';
export { OutboxRelay } from './relay.js';
