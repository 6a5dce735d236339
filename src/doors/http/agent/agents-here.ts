import type { Readable, Writable } from 'node:stream'
import { messageOf } from '../../../model/error.ts'
import type { Principal } from '../../../model/principal.ts'
import { underSeenPolicy } from '../../../project/access/policy/authority.ts'
import type { App } from '../../../project/app/app.ts'
import { listenAddress } from '../../../project/files/settings/server-settings.ts'
import { begunBy } from '../../../project/history/executions/begun-by.ts'
import { agentFor } from '../../../project/identity/local/agent-for.ts'
import type { Console } from '../../../project/system/process/console.ts'
import type { AgentTools } from '../../agents/agent-server.ts'
import type { ToolName } from '../../agents/tools.ts'
import { openEngineThread } from '../act/engine-thread.ts'
import type { Acts } from '../context/message.ts'
import type { FrontContext } from '../context/route.ts'
import { DriftSeen } from '../jobs/drift-seen.ts'
import type { Rehearse } from '../jobs/rehearsals.ts'
import type { ServedExecutions } from '../jobs/served-executions.ts'
import { Allowance } from '../limits/allowance.ts'
import { publicAddress } from '../request/public-address.ts'
import type { AgentFront } from './agent-front.ts'
import { agentToolsFor } from './agent-tools.ts'

interface LocalAgentOptions {
  readonly app: App
  // Asked for each call, because a pipe outlives a login.
  calling(): Promise<Principal>
  readonly console: Pick<Console, 'tell' | 'stop' | 'heed'>
  readonly rehearse: Rehearse
  readonly exitCodeOf: FrontContext['exitCodeOf']
  readonly input: Readable
  readonly output: Writable
}

const BY_NO_SERVER: ServedExecutions = { ids: [], keep: () => true, forget: () => undefined }
// So often it is looked whether the last plan has ended, in milliseconds.
const LOOK = 50

/** Throws `not-authorised` for a service. */
export async function serveAgentsHere(options: LocalAgentOptions): Promise<void> {
  const { app: given, console: terminal, rehearse, exitCodeOf, input, output } = options
  const principal = agentFor(await options.calling())
  const app: App = { ...given, project: await underSeenPolicy(given.project, given, { principal }) }
  const failed = (what: string, error: unknown) => terminal.tell(`! ${what}: ${messageOf(error)}\n`)
  const scrub = (text: string) => app.scrubber.scrub(text)
  const engine = openEngineThread({ app, console: terminal, most: 1, failed, rehearse, served: BY_NO_SERVER })
  const asked = new Set<Promise<unknown>>()
  const acts: Acts = {
    ask: (act, asker, input) => {
      const work = engine.ask(act, asker, input)
      asked.add(work)
      return work.finally(() => asked.delete(work))
    },
  }
  const { server } = app.project.settings
  const front: AgentFront = {
    app,
    acts,
    address: publicAddress(server, listenAddress(server.listen).port),
    allowance: new Allowance(app.clock, (agent, since) => begunBy(app, agent, since)),
    drift: new DriftSeen(app.shared === undefined ? undefined : { notes: app.notes, scrub, failed }),
    exitCodeOf,
    scrub,
    failed,
  }
  const agentTools = agentToolsNow(agentToolsFor(front, { principal }), async () =>
    agentToolsFor(front, { principal: agentFor(await options.calling()) }),
  )
  const { serveOverStdio } = await import('../../agents/over-stdio.ts')
  const { stop } = terminal
  try {
    await serveOverStdio(agentTools, { input, output, stop, failed: (error) => failed('mcp', error) })
    // A plan that was asked for is made, also one that is about to begin: nobody else would go on with it.
    await Promise.allSettled(asked)
    while (engine.running.length > 0 && !stop.aborted) await app.clock.sleep(LOOK, stop).catch(() => undefined)
  } finally {
    await engine.end(new AbortController().signal)
  }
}

function agentToolsNow(first: AgentTools, asOf: () => Promise<AgentTools>): AgentTools {
  const answers = Object.keys(first.answers).map((name) => [
    name,
    async (input: never, trace?: string) => (await asOf()).answers[name as ToolName](input, trace),
  ])
  return {
    ...first,
    answers: Object.fromEntries(answers) as AgentTools['answers'],
    policy: async () => (await asOf()).policy(),
    report: async (id) => (await asOf()).report(id),
  }
}
