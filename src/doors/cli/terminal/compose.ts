import type { Plan } from '../../../change/plan/plan.ts'
import { definedMembers } from '../../../model/json.ts'
import type { App } from '../../../project/app/app.ts'
import type { ProjectStore, ProjectStoreOptions } from '../../../project/app/store/project-store.ts'
import { inTrace } from '../../../project/app/trace/in-trace.ts'
import { openProject, type ProjectPlace } from '../../../project/files/project.ts'
import type { LiveWatch } from '../../../project/history/watch/live-watch.ts'
import { type Caller, callerOf } from '../../../project/identity/caller-of.ts'
import { openApp } from '../../../project/open-app.ts'
import type { Console } from '../../../project/system/process/console.ts'
import { problemText } from '../../../project/system/process/input-error.ts'
import { short, styleOf, visibleLine } from '../../../report/text/text.ts'
import { type Invocation, saysYes, screenWidth } from './io.ts'

export interface CommandContext extends Invocation {
  readonly app: App
  readonly caller: Caller
  readonly invocation: Invocation
}

type OpeningOptions = ProjectStoreOptions & Pick<ProjectPlace, 'despiteUnknownKeys'>

type Run = (invocation: Invocation) => Promise<number>

export function appCommand(work: (context: CommandContext) => Promise<number>, options?: OpeningOptions): Run {
  return (invocation) => withApp(invocation, work, options)
}

/** The same for a command whose flags are judged before anything is opened: `judge` gives what its work needs of them, or throws InputError. */
export function judgedCommand<Given>(
  judge: (invocation: Invocation) => Given,
  work: (context: CommandContext, given: Given) => Promise<number>,
  options?: OpeningOptions,
): Run {
  return async (invocation) => {
    const given = judge(invocation)
    return withApp(invocation, (context) => work(context, given), options)
  }
}

/** Opens the application and says who is calling, for one command, and closes its store behind it. */
export async function withApp(
  invocation: Invocation,
  work: (context: CommandContext) => Promise<number>,
  { despiteUnknownKeys, ...options }: OpeningOptions = {},
): Promise<number> {
  const { io, global } = invocation
  const project = openProject(io, { ...global, ...definedMembers({ despiteUnknownKeys }) })
  for (const problem of project.unclaimed ?? []) io.tell(`! ${problemText(problem)}\n`)
  const { principal, begins } = await callerOf(project, io)
  const { app, close } = await openApp(project, io, io, { principal }, { ...options, insecureTls: global.insecureTls })
  try {
    const caller: Caller = {
      ...terminalConsole(invocation, app),
      principal,
      ...inTrace(io.env.TRACEPARENT),
      ...definedMembers({ begins }),
    }
    return await work({ ...invocation, app, caller, invocation })
  } finally {
    await close()
  }
}

function terminalConsole(invocation: Invocation, { store, clock }: Pick<ProjectStore, 'store' | 'clock'>): Console {
  const { io, global } = invocation
  const { tell, interactive, ask, stop, heed, openPage } = io
  let drawing: LiveWatch | undefined
  return {
    tell,
    interactive,
    ask,
    stop,
    ...definedMembers({ heed, openPage }),
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

async function review({ io, options }: Invocation, plan: Plan, why: string, signal: AbortSignal) {
  const { planText } = await import('../../../report/plan/text.ts')
  const shown = planText(plan, styleOf(io), {
    width: screenWidth(io),
    details: options.details === true,
  })
  io.err(`\n${shown}\n\n${visibleLine(why.replaceAll(plan.digest, short(plan.digest)))}\n`)
  return saysYes(io, 'Approve this plan? Type yes to go on: ', signal)
}
