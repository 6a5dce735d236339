import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { became, compareRecords } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn, textIn } from './define-area.ts'

const STATUS = { cmd: 'show ntp status', format: 'text' } as const
const ASSOCIATIONS = { cmd: 'show ntp associations', revision: 1 }

// `show ntp associations`; older EOS has it as text only (docs/eos.md 6.1).
const model = once(() => z.object({ peers: z.record(z.string(), z.object({ condition: z.string() })) }))

const state = once(() =>
  z.strictObject({ clock: z.string(), servers: z.record(z.string(), z.string()).exactOptional() }),
)

const CLOCK = { subject: 'ntp', label: 'NTP' }

const USABLE: ReadonlySet<string> = new Set(['sys.peer', 'pps.peer', 'candidate', 'backup', 'outlier'])

export const ntpArea = defineArea({
  name: 'ntp',
  docs: 'Whether the clock is synchronised, and every time server: usable, or why not.',
  commands: [STATUS, ASSOCIATIONS],
  state,
  tell: ([status, associations]) => {
    const printed = textIn(status, STATUS)
    if (!printed.ok) return printed
    const [, word] = /^(synchronised|unsynchronised|NTP is disabled)/m.exec(printed.state) ?? []
    if (word === undefined) return { ok: false, error: `\`${STATUS.cmd}\` printed an unknown form` }
    const clock = word === 'NTP is disabled' ? 'disabled' : word
    const answer = modelIn(associations, ASSOCIATIONS, model)
    if (!answer.ok) return { ok: true, state: { clock } }
    const servers = Object.entries(answer.state.peers).map(
      ([server, { condition }]) => [server, USABLE.has(condition) ? 'usable' : condition] as const,
    )
    return { ok: true, state: { clock, servers: inOrder(servers) } }
  },
  describe: (before, after) => [
    ...became(CLOCK, 'clock', [before.clock, after.clock]),
    ...(before.servers === undefined || after.servers === undefined
      ? []
      : compareRecords(before.servers, after.servers, {
          thing: (server) => ({ subject: server, label: `NTP server ${server}` }),
          added: (is) => ` added: ${is}`,
          removed: (was) => ` removed: was ${was}`,
          changed: (server, was, is) => became(server, 'condition', [was, is]),
        })),
  ],
})
