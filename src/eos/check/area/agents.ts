import { z } from 'zod'
import { ownMember } from '../../../model/json.ts'
import { natural } from '../../../model/natural-order.ts'
import { partly, recordOf, show, showText } from '../answer/show.ts'
import { namesIn, place } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf, modelIn } from './define-area.ts'

const CRASHES = showText('show agent logs crash')
// `show agent uptime`: the keys that public tools read; no recording proves them, so an answer without them tells no restarts.
const UPTIME = show('show agent uptime', () => ({ agents: recordOf(partly({ restartCount: z.int() })) }))

const state = () => z.strictObject({ crashes: z.array(z.string()), restarts: recordOf(z.int()).exactOptional() })

// How each crash begins: `===> /var/log/agents/Bgp-830 Fri Jul 7 15:07:00 2023 <===` (recorded).
const CRASH = /^===> (\S+) (.*?) <===$/gm

/** Which agents of EOS have crashed or were started again. */
export const agentsArea = defineArea({
  name: 'agents',
  docs: 'The agents of EOS that have crashed, and how often each was restarted (where the switch tells).',
  asks: [CRASHES, UPTIME],
  state,
  tell: ([crashReply, uptimeReply]) => {
    const printed = answerOf(crashReply, CRASHES)
    const crashes = [...printed.matchAll(CRASH)].map(([, log = '', at = '']) => `${log} ${at}`).sort(natural)
    const answer = modelIn(uptimeReply, UPTIME.command, UPTIME.model)
    if (!answer.ok) return { crashes }
    return { crashes, restarts: eachOf(answer.state.agents, ({ restartCount }) => restartCount) }
  },
  describe: (before, after) => {
    const crashed = after.crashes.filter((crash) => !before.crashes.includes(crash))
    const agents = new Set(crashed.map(agentOf))
    const [was, is] = [before.restarts ?? {}, after.restarts ?? {}]
    const restarted = namesIn(is).filter((name) => (ownMember(was, name) ?? Number.POSITIVE_INFINITY) < (is[name] ?? 0))
    return [
      ...crashed.map((crash) => {
        const agent = agentOf(crash)
        const thing = { subject: agent, label: `agent ${agent}` }
        return {
          ...place(thing),
          kind: 'changed',
          attribute: 'crashes',
          is: crash,
          text: `${thing.label} crashed: ${crash}`,
        } as const
      }),
      ...restarted
        .filter((agent) => !agents.has(agent))
        .map((agent) => {
          const [before = 0, after = 0] = [was[agent], is[agent]]
          const change = { subject: agent, kind: 'changed', attribute: 'restarts', was: before, is: after } as const
          return { ...change, text: `agent ${agent} restarted: ${before} -> ${after} times` }
        }),
    ]
  },
})

function agentOf(crash: string) {
  return /([^/ ]+?)-\d+ /.exec(crash)?.[1] ?? crash
}
