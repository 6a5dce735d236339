import type { Plan } from '../../../change/plan/plan.ts'
import type { ProjectStore } from '../../../project/app/store/project-store.ts'
import type { LiveWatch } from '../../../project/history/watch/live-watch.ts'
import type { Console } from '../../../project/system/process/console.ts'
import { short } from '../../../report/text/count.ts'
import { colored, plain } from '../../../report/text/style.ts'
import { visibleLine } from '../../../report/text/visible.ts'
import type { Invocation } from './io.ts'
import { saysYes } from './says-yes.ts'
import { screenWidth } from './screen-width.ts'

/** The console of a use case that somebody at a terminal, or a job, has asked for: progress, the live line, and questions. */
export function terminalConsole(
  invocation: Invocation,
  { store, clock }: Pick<ProjectStore, 'store' | 'clock'>,
): Console {
  const { io, global } = invocation
  const { tell, interactive, ask, stop, heed, openPage } = io
  let drawing: LiveWatch | undefined
  return {
    tell,
    interactive,
    ask,
    stop,
    ...(heed === undefined ? {} : { heed }),
    ...(openPage === undefined ? {} : { openPage }),
    // Most commands carry nothing out: the words of all records are loaded by those that do.
    watch: async (begun, drawn) => {
      const { progressTeller } = await import('./progress-teller.ts')
      const { liveWatch } = await import('../../../project/history/watch/live-watch.ts')
      const tell = progressTeller(invocation, begun)
      const live =
        drawn === undefined ? undefined : liveWatch(global.json ? undefined : io.live, { store, clock }, drawn)
      drawing = live
      return {
        written: (events) => {
          for (const event of events) live?.tell(event)
          tell(events)
        },
        close: () => live?.close(),
      }
    },
    answered: (count) => drawing?.answered(count),
    ...(io.interactive ? { review: (plan, why, signal) => review(invocation, plan, why, signal) } : {}),
  }
}

async function review({ io, options }: Invocation, plan: Plan, why: string, signal: AbortSignal): Promise<boolean> {
  const { planText } = await import('../../../report/plan/text.ts')
  const shown = planText(plan, io.color ? colored : plain, {
    width: screenWidth(io),
    details: options.details === true,
  })
  io.err(`\n${shown}\n\n${visibleLine(why.replaceAll(plan.digest, short(plan.digest)))}\n`)
  return saysYes(io, 'Approve this plan? Type yes to go on: ', signal)
}
