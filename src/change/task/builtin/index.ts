import type { Task } from '../act/context.ts'
import { approve } from './approve.ts'
import { confirm } from './confirm.ts'
import { http } from './http.ts'
import { plan } from './plan.ts'
import { push } from './push.ts'
import { ready } from './ready.ts'
import { recheck } from './recheck.ts'
import { rollback } from './rollback.ts'
import { save } from './save.ts'
import { signal } from './signal.ts'
import { snapshot } from './snapshot.ts'
import { verify } from './verify.ts'

export const builtinTasks: readonly Task[] = [
  snapshot,
  plan,
  approve,
  recheck,
  push,
  verify,
  ready,
  confirm,
  save,
  rollback,
  http,
  signal,
]
