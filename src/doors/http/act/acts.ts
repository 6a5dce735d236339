import type { ActTable } from '../context/act-context.ts'
import { check } from './check.ts'
import { checkpoint } from './checkpoint.ts'
import { decide } from './decide.ts'
import { event } from './event.ts'
import { freeze, unfreeze } from './freeze.ts'
import { browserBack, challenge, loggedOut, sendBrowser, stepUp } from './login.ts'
import { plan, rebase } from './plan.ts'
import { compare, drift, snapshot } from './reading.ts'
import { refuse } from './refuse.ts'
import { rehearsal, rehearse } from './rehearse.ts'
import { requestApprovalOf } from './request-approval.ts'
import { redrive, resume, rollback } from './resume.ts'
import { continueScheduleAct, endScheduleAct, pauseScheduleAct, runScheduleAct } from './schedule.ts'
import { signal } from './signal.ts'
import { start, startPlan } from './start.ts'
import { stop, suspend } from './stop.ts'
import { stopAll } from './stop-all.ts'

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
