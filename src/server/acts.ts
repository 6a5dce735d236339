import { check } from './act/check.ts'
import { checkpoint } from './act/checkpoint.ts'
import { decide } from './act/decide.ts'
import { event } from './act/event.ts'
import { freeze, unfreeze } from './act/freeze.ts'
import { browserBack, challenge, loggedOut, sendBrowser, stepUp } from './act/login.ts'
import { plan, rebase } from './act/plan.ts'
import { compare, drift, snapshot } from './act/reading.ts'
import { refuse } from './act/refuse.ts'
import { rehearsal, rehearse } from './act/rehearse.ts'
import { requestApprovalOf } from './act/request-approval.ts'
import { redrive, resume, rollback } from './act/resume.ts'
import { continueScheduleAct, endScheduleAct, pauseScheduleAct, runScheduleAct } from './act/schedule.ts'
import { signal } from './act/signal.ts'
import { start, startPlan } from './act/start.ts'
import { stop, suspend } from './act/stop.ts'
import { stopAll } from './act/stop-all.ts'
import type { ActTable } from './act-context.ts'

/** Everything that the front can have done: nothing else reaches a switch or the record. */
export const acts: ActTable = {
  plan,
  start,
  'start-plan': startPlan,
  rebase,
  decide,
  'request-approval': requestApprovalOf,
  stop,
  'stop-all': stopAll,
  suspend,
  resume,
  redrive,
  rollback,
  signal,
  event,
  check,
  checkpoint,
  rehearse,
  rehearsal,
  compare,
  drift,
  snapshot,
  challenge,
  'step-up': stepUp,
  'send-browser': sendBrowser,
  'browser-back': browserBack,
  'logged-out': loggedOut,
  freeze,
  unfreeze,
  'pause-schedule': pauseScheduleAct,
  'continue-schedule': continueScheduleAct,
  'run-schedule': runScheduleAct,
  'end-schedule': endScheduleAct,
  refuse,
}
