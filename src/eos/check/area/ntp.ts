import { z } from 'zod'
import { recordOf, show, showText } from '../answer/show.ts'
import { became, compareRecords, wordSayings } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf, modelIn, Unread } from './define-area.ts'

const STATUS = showText('show ntp status')
// `show ntp associations`; older EOS has it as text only (docs/eos.md 6.1).
const ASSOCIATIONS = show('show ntp associations', () => ({ peers: recordOf({ condition: z.string() }) }))

const state = () => z.strictObject({ clock: z.string(), servers: recordOf(z.string()).exactOptional() })

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
    return {
      clock,
      servers: eachOf(answer.state.peers, ({ condition }) => (USABLE.has(condition) ? 'usable' : condition)),
    }
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
