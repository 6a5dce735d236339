import { unsettled } from '../../change/engine/undo.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { spokenSwitches } from '../phrases/spoken.ts'
import { waitingFor } from '../phrases/waiting-for.ts'
import { short, switches } from '../text/count.ts'
import type { ExecutionView } from './execution-view.ts'
import type { ViewContext } from './view-context.ts'
import type { ViewState } from './view-state.ts'

type Need = ExecutionView['needs'][number]

/** What a person has to do about an execution, the gravest first; nothing where it goes on or ended by itself. */
export function needsOf(
  view: ViewState,
  moment: ViewContext,
  ends: Readonly<Record<string, DeviceEnd>>,
): readonly Need[] {
  const { execution } = view
  if (execution.status === 'new') return []
  if (execution.status === 'ended') return execution.outcome === 'unknown' ? [look(view, ends)] : []
  const waiting = waitingFor(execution)
  const asked = waiting.map((one): Need => {
    if (one.waitsFor === 'signal') {
      const message = one.message === undefined ? '' : `: ${one.message}`
      return { act: 'answer', words: `${one.state} waits for an answer from outside${message}`, devices: [] }
    }
    const { plan } = execution
    const what =
      plan === undefined
        ? 'the plan'
        : `plan ${short(plan.digest)}, which changes ${switches(plan.waves.flat().length)}`
    return { act: 'approve', words: `Decide about ${what}`, devices: plan?.waves.flat() ?? [] }
  })
  const isLeft = moment.isRunning === false && waiting.length === 0 && moment.suspension === undefined
  return isLeft ? [resume(view)] : asked
}

function look({ execution }: ViewState, ends: Readonly<Record<string, DeviceEnd>>): Need {
  const devices = execution.targets.filter((name) => ends[name] === 'unknown')
  const details = devices.flatMap((name) => execution.ends.get(name)?.detail ?? [])
  const words = details.length === 0 ? 'Look at what is there, and settle it by hand' : [...new Set(details)].join('; ')
  return { act: 'look', words, devices }
}

function resume({ execution }: ViewState): Need {
  const devices = unsettled(execution)
  const what = devices.length === 0 ? '' : `, because ${spokenSwitches(devices)} may hold the change`
  return { act: 'resume', words: `Resume it: no process runs it${what}`, devices }
}
