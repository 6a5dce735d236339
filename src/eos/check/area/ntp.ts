import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { recordOf, show, showText } from '../answer/show.ts'
import { became, compareRecords, wordSayings } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder, modelIn, Unread } from './define-area.ts'

const STATUS = showText('show ntp status')
// `show ntp associations`; older EOS has it as text only (docs/eos.md 6.1).
const ASSOCIATIONS = show('show ntp associations', () =>
  z.object({ peers: recordOf(z.object({ condition: z.string() })) }),
)

const state = once(() => z.strictObject({ clock: z.string(), servers: recordOf(z.string()).exactOptional() }))

const CLOCK = { subject: 'ntp', label: 'NTP' }

const USABLE: ReadonlySet<string> = new Set(['sys.peer', 'pps.peer', 'candidate', 'backup', 'outlier'])

export const ntpArea = defineArea({
  name: 'ntp',
  docs: 'Whether the clock is synchronised, and every time server: usable, or why not.',
  asks: [STATUS, ASSOCIATIONS],
  state,
  tell: ([status, associations]) => {
    const printed = answerOf(status, STATUS)
    const [, word] = /^(synchronised|unsynchronised|NTP is disabled)/m.exec(printed) ?? []
    if (word === undefined) throw new Unread('`show ntp status` printed an unknown form')
    const clock = word === 'NTP is disabled' ? 'disabled' : word
    const answer = modelIn(associations, ASSOCIATIONS.command, ASSOCIATIONS.model)
    if (!answer.ok) return { clock }
    const servers = Object.entries(answer.state.peers).map(
      ([server, { condition }]) => [server, USABLE.has(condition) ? 'usable' : condition] as const,
    )
    return { clock, servers: inOrder(servers) }
  },
  describe: (before, after) => [
    ...became(CLOCK, 'clock', [before.clock, after.clock]),
    ...(before.servers === undefined || after.servers === undefined
      ? []
      : compareRecords(
          before.servers,
          after.servers,
          wordSayings((server) => ({ subject: server, label: `NTP server ${server}` }), 'condition'),
        )),
  ],
})
