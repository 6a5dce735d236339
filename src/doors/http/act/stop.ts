import type { ExecutionState } from '../../../change/engine/state.ts'
import { stop as stopOn } from '../../../project/execution/stop/stop.ts'
import { suspend as suspendOn } from '../../../project/execution/stop/suspending.ts'
import type { ActContext, Perform } from '../context/act-context.ts'
import { aboutSeen } from '../request/not-there.ts'
import { whileUnchanged } from './unchanged.ts'

export const stop: Perform<'stop'> = ({ app, ...context }, caller, { execution, reason, restored, newest }) =>
  aboutSeen(app, caller, execution, () =>
    whileUnchanged(app, execution, newest, () =>
      onceAsked(context, 'stop', (asked) =>
        stopOn(app, { ...caller, stop: context.following }, { execution, reason, restored, newest }, asked),
      ),
    ),
  )

export const suspend: Perform<'suspend'> = ({ app, ...context }, caller, { execution, reason, newest }) =>
  aboutSeen(app, caller, execution, () =>
    whileUnchanged(app, execution, newest, () =>
      onceAsked(context, 'suspend', (asked) =>
        suspendOn(app, { ...caller, stop: context.following }, { execution, reason, newest }, asked),
      ),
    ),
  )

type Asked = (found: ExecutionState) => () => void

function onceAsked(
  { runs, failed }: Pick<ActContext, 'runs' | 'failed'>,
  what: string,
  work: (asked: Asked) => Promise<{ readonly kind: string; readonly state: ExecutionState }>,
) {
  return new Promise((resolve, reject) => {
    let isAsked = false
    const asked: Asked = ({ id }) => {
      isAsked = true
      resolve({ execution: id, outcome: 'asked' })
      return () => undefined
    }
    const done = work(asked).then(
      ({ kind, state }) => resolve({ execution: state.id, outcome: kind }),
      (error: unknown) => {
        if (isAsked) failed(what, error)
        else reject(error)
      },
    )
    runs.heed(done)
  })
}
