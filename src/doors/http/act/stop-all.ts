import type { ExecutionState } from '../../../change/engine/state.ts'
import { decided } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import { stopEveryOpen } from '../../../project/execution/stop/stop.ts'
import type { Perform } from '../context/act-context.ts'
import { faultOf } from '../request/fault.ts'

/** The answer comes when all of them are asked on record; it names those that may not be stopped, as far as the caller may read them. Throws the denial where none may be stopped. */
export const stopAll: Perform<'stop-all'> = ({ app, runs, failed, following }, caller, { reason }) =>
  new Promise((resolve, reject) => {
    const refused: { readonly execution: string; readonly detail: string }[] = []
    let asked: readonly string[] | undefined
    let denied: unknown
    const answer = () => {
      if (asked === undefined && denied !== undefined) reject(denied)
      else resolve({ asked: asked ?? [], refused })
    }
    const mayRead = (state: ExecutionState) =>
      decided(app, caller, 'execution.read', aboutExecution(state)).effect === 'allow'
    const done = stopEveryOpen(
      app,
      { ...caller, stop: following },
      { reason, restored: false },
      ({ found, error }) => {
        if (error === undefined) return
        if (asked === undefined) {
          denied ??= error
          if (mayRead(found)) refused.push({ execution: found.id, detail: faultOf(error).message })
        } else failed(`stop ${found.id}`, error)
      },
      (ids) => {
        asked = ids
        answer()
      },
    ).then(answer, (error: unknown) => {
      if (asked === undefined) reject(error)
      else failed('stop-all', error)
    })
    runs.heed(done)
  })
