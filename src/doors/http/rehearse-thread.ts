import type { Plan } from '../../change/plan/plan.ts'
import type { ProjectPlace } from '../../project/files/project.ts'
import type { AuditVerification } from '../../report/event-words/audit-verification.ts'
import type { Rehearsal } from '../../report/rehearsal/rehearsal.ts'
import { answerOfThread, type ThreadMessage } from './answer-of-thread.ts'

export interface RehearseJob {
  readonly cwd: string
  readonly place: ProjectPlace
  readonly plan: Plan
}

export type RehearseMessage = ThreadMessage<Rehearsal>

/** Throws what was thrown there. */
export function rehearseInThread(
  module: URL | undefined,
  job: RehearseJob,
  progress: (done: number, of: number) => void,
): Promise<Rehearsal> {
  return answerOfThread({ module, does: 'rehearses', job }, progress)
}

export interface VerifyJob {
  readonly cwd: string
  readonly place: ProjectPlace
}

export type VerifyAnswer = ThreadMessage<AuditVerification>

const YOUNG_HEAP = 6

/** Verifies a record in a separate thread, whose module is given: reading all of it takes seconds. Throws what was thrown there. */
export function verifyInThread(module: URL | undefined, job: VerifyJob): Promise<AuditVerification> {
  return answerOfThread({ module, does: 'verifies', job, youngHeap: YOUNG_HEAP })
}
