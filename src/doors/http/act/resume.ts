import { readState } from '../../../change/engine/fold.ts'
import { waitsForSignal } from '../../../change/engine/outcome.ts'
import { putBack } from '../../../project/execution/begin/put-back.ts'
import { executionToResume } from '../../../project/execution/resume/execution-to-resume.ts'
import { redrive as redriveOn } from '../../../project/execution/resume/redrive.ts'
import { type TakeTerms, takeUpOpen } from '../../../project/execution/run/take-up.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import type { ActContext, Perform } from '../context/act-context.ts'
import { aboutSeen } from '../request/not-there.ts'
import { begunAnswer } from './begun-answer.ts'
import { whileUnchanged } from './unchanged.ts'

export const resume: Perform<'resume'> = (context, caller, { execution, restored, newest }) =>
  aboutSeen(context.app, caller, execution, () =>
    whileUnchanged(context.app, execution, newest, async () => {
      const { app, runs } = context
      runs.requireOpen()
      const { id, allowed } = await executionToResume(app, caller, execution, restored)
      return onceTaken(context, caller, id, { restored, newest, allowed, hears: await waitsOutside(context, id) })
    }),
  )

async function waitsOutside({ app }: Pick<ActContext, 'app'>, id: string) {
  return waitsForSignal(await readState(app.store, id))
}

/**
 * Puts on record that this process goes on with an execution; it is run behind the answer, when it is its turn. One that `hears` reads what
 * outside systems answer; any other one rests as soon as it only waits for them.
 */
export function onceTaken(
  { app, runs }: Pick<ActContext, 'app' | 'runs'>,
  caller: Caller,
  id: string,
  { hears = false, ...terms }: TakeTerms & { readonly hears?: boolean } = {},
): Promise<unknown> {
  runs.requireOpen()
  const taken = takeUpOpen(app, caller, id, terms).then((state) => {
    if (state.status === 'ended') return { execution: id, outcome: 'ended-before' }
    runs.begin(state, caller, { detach: !hears })
    return { execution: id, outcome: 'taken-up' }
  })
  runs.heed(taken)
  return taken
}

export const redrive: Perform<'redrive'> = ({ app, runs }, caller, { execution, newest }) =>
  aboutSeen(app, caller, execution, () =>
    whileUnchanged(app, execution, newest, async () => {
      runs.requireOpen()
      const state = await redriveOn(app, caller, execution, newest)
      runs.begin(state, caller)
      return { execution: state.id, outcome: 'taken-up' }
    }),
  )

export const rollback: Perform<'rollback'> = ({ app, runs }, caller, { execution, targets, newest }) =>
  aboutSeen(app, caller, execution, () =>
    whileUnchanged(app, execution, newest, async () => {
      runs.requireOpen()
      const made = await putBack(app, caller, { execution, target: targets, newest })
      if (made.kind === 'nothing') return { execution: made.of.id, outcome: 'nothing-to-do', without: made.without }
      runs.begin(made.state, caller)
      const { known: _, ...begun } = begunAnswer(made.state)
      return { ...begun, outcome: 'begun' }
    }),
  )
