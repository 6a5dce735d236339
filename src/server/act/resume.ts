import type { Caller } from '../../app/caller.ts'
import { resume as resumeOn } from '../../app/execution.ts'
import { redrive as redriveOn } from '../../app/redrive.ts'
import { executionToResume } from '../../app/resuming.ts'
import { putBack } from '../../app/rollback/put-back.ts'
import { foldAll } from '../../engine/fold.ts'
import { waitsForSignal } from '../../engine/outcome.ts'
import type { Desk, Perform } from '../desk.ts'
import { aboutSeen } from '../not-there.ts'
import { requireUnchanged } from './unchanged.ts'

/** Goes on with an execution. The answer comes when it is on record that this process does. */
export const resume: Perform<'resume'> = (desk, caller, { execution, restored, newest }) =>
  aboutSeen(desk.app, caller, execution, async () => {
    const { app, runs } = desk
    await requireUnchanged(app, execution, newest)
    runs.requireOpen()
    const id = await executionToResume(app, caller, execution, restored)
    return onceTaken(desk, caller, id, { restored, hears: await waitsOutside(desk, id) })
  })

/** Whether an execution waits for an outside system: then it hears what that has answered, or will. */
async function waitsOutside({ app }: Pick<Desk, 'app'>, id: string): Promise<boolean> {
  return waitsForSignal(foldAll(id, await app.store.read(id)))
}

/**
 * Takes an execution up and gives it once that is on record; it is run behind the answer. One that `hears` reads what outside systems
 * answer; any other one rests as soon as it only waits for them.
 */
export function onceTaken(
  { app, runs, failed }: Desk,
  caller: Caller,
  id: string,
  { restored = false, hears = false } = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let isTaken = false
    const taken = (): void => {
      isTaken = true
      resolve({ execution: id, outcome: 'taken-up' })
    }
    const told: Caller = { ...caller, watch: () => ({ written: taken, close: () => undefined }) }
    runs
      .take(id, () => resumeOn(app, told, id, { detach: !hears, restored }))
      .then(
        ({ status }) => resolve({ execution: id, outcome: status === 'ended' ? 'ended-before' : 'rests' }),
        (error: unknown) => {
          if (isTaken) failed(id, error)
          else reject(error)
        },
      )
  })
}

/** Starts an ended execution again from where it failed. */
export const redrive: Perform<'redrive'> = ({ app, runs }, caller, { execution, newest }) =>
  aboutSeen(app, caller, execution, async () => {
    await requireUnchanged(app, execution, newest)
    runs.requireOpen()
    const state = await redriveOn(app, caller, execution)
    runs.begin(state, caller)
    return { execution: state.id, outcome: 'taken-up' }
  })

/** Plans the inverse of a finished change and begins it: it waits for approval like any other. */
export const rollback: Perform<'rollback'> = ({ app, runs }, caller, { execution, targets }) =>
  aboutSeen(app, caller, execution, async () => {
    runs.requireOpen()
    const made = await putBack(app, caller, { execution, target: targets })
    if (made.kind === 'nothing') return { execution: made.of.id, outcome: 'nothing-to-do', without: made.without }
    runs.begin(made.state, caller)
    return { execution: made.state.id, outcome: 'begun' }
  })
