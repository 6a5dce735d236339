import { decide } from './act/decide.ts'
import { freeze, unfreeze } from './act/freeze.ts'
import { browserBack, challenge, sendBrowser, stepUp } from './act/login.ts'
import { plan } from './act/plan.ts'
import { drift, snapshot } from './act/reading.ts'
import { refuse } from './act/refuse.ts'
import { redrive, resume, rollback } from './act/resume.ts'
import { start, startPlan } from './act/start.ts'
import { stop, suspend } from './act/stop.ts'
import { stopAll } from './act/stop-all.ts'
import type { ActTable } from './desk.ts'

/** Everything that the front can have done: nothing else reaches a switch or the record. */
export const acts: ActTable = {
  plan,
  start,
  'start-plan': startPlan,
  decide,
  stop,
  'stop-all': stopAll,
  suspend,
  resume,
  redrive,
  rollback,
  drift,
  snapshot,
  challenge,
  'step-up': stepUp,
  'send-browser': sendBrowser,
  'browser-back': browserBack,
  freeze,
  unfreeze,
  refuse,
}
