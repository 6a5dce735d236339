import { z } from 'zod'
import { natural } from '../../../model/natural-order.ts'
import { recordOf, show } from '../answer/show.ts'
import { compareRecords, gainedAndLost, type StateChange, type Thing } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf } from './define-area.ts'

// `show port-channel` (docs/eos.md 6.2).
const COMMAND = show('show port-channel', () => ({
  portChannels: recordOf({
    activePorts: recordOf(z.unknown()).default({}),
    inactivePorts: recordOf(z.unknown()).default({}),
  }),
}))

const state = () => recordOf(z.strictObject({ active: z.array(z.string()), inactive: z.array(z.string()) }))

export const portchannelArea = defineArea({
  name: 'portchannel',
  docs: 'Every port-channel: its active and its inactive members, those of the MLAG peer included.',
  asks: [COMMAND],
  state,
  tell: ([reply]) =>
    eachOf(answerOf(reply, COMMAND).portChannels, ({ activePorts, inactivePorts }) => ({
      active: Object.keys(activePorts).sort(natural),
      inactive: Object.keys(inactivePorts).sort(natural),
    })),
  describe: (before, after) =>
    compareRecords(before, after, {
      thing: (name) => ({ subject: name, label: name }),
      added: ({ active, inactive }) => ` added: ${members(active)} active, ${members(inactive)} inactive`,
      removed: ({ active }) => ` removed: was ${members(active)} active`,
      changed: (bundle, was, is) => [
        ...gainedAndLost(bundle, 'members', [
          [...was.active, ...was.inactive],
          [...is.active, ...is.inactive],
        ]),
        ...was.active
          .filter((port) => is.inactive.includes(port))
          .map((port) => moved(bundle, port, 'active', 'inactive')),
        ...was.inactive
          .filter((port) => is.active.includes(port))
          .map((port) => moved(bundle, port, 'inactive', 'active')),
      ],
    }),
})

function moved({ subject, label }: Thing, port: string, was: string, is: string): StateChange {
  return { subject, kind: 'changed', attribute: port, was, is, text: `${label}: ${port} ${was} -> ${is}` }
}

function members(ports: readonly string[]) {
  return ports.join(' ') || 'none'
}
