import { readState } from '../../../change/engine/fold.ts'
import { decided } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { faultOf, type RequestFault, RequestRefusal } from './fault.ts'

export function notThere(what: string): RequestRefusal {
  const hint = what === 'plan' ? { hint: OFFLINE_HINT } : {}
  return new RequestRefusal({ kind: 'no-route', message: `there is no such ${what}`, ...hint })
}

const OFFLINE_HINT = 'A plan that was made offline is in its file alone: read it with `eosflow show FILE`.'

/** A refusal of somebody who may not even read it says that it is not there, as for one that is not: a denial, a closed window, and that it has newer records. */
export async function aboutSeen<T>(
  app: RecordApp,
  caller: SilentCaller,
  execution: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InputError && error.problems.some(({ code }) => code === 'no-such-execution'))
      throw notThere('execution')
    if (!TELLING.has(faultOf(error).kind)) throw error
    if (await mayRead(app, caller, execution)) throw error
    throw notThere('execution')
  }
}

const TELLING: ReadonlySet<RequestFault['kind']> = new Set(['not-authorised', 'window-closed', 'changed-meanwhile'])

async function mayRead(app: RecordApp, caller: SilentCaller, word: string) {
  const found = await app.store.resolveExecution(word)
  if (found.found !== 'one') return false
  const state = await readState(app.store, found.id)
  return decided(app, caller, 'execution.read', aboutExecution(state)).effect === 'allow'
}
