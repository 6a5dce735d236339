import { z } from 'zod'
import { type OutputOf, recordOf, show } from '../answer/show.ts'
import { becameEach, compareRecords } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf } from './define-area.ts'

// `show mlag`; a switch without MLAG tells little more than `disabled` (docs/eos.md 6.2).
const MLAG = show(
  'show mlag',
  () => ({
    state: z.string(),
    negStatus: z.string().optional(),
    peerLinkStatus: z.string().optional(),
    localIntfStatus: z.string().optional(),
    configSanity: z.string().optional(),
  }),
  2,
)

// `show mlag interfaces`: MLAG interfaces by their number.
const INTERFACES = show('show mlag interfaces', () => ({
  interfaces: recordOf({ localInterface: z.string(), status: z.string() }),
}))

const state = () =>
  z.strictObject({
    state: z.string(),
    negotiation: z.string(),
    peerLink: z.string(),
    localInterface: z.string(),
    configSanity: z.string(),
    interfaces: recordOf(z.strictObject({ interface: z.string(), status: z.string() })),
  })

export type MlagState = OutputOf<typeof state>

const PAIR = { subject: 'mlag', label: 'MLAG' }

export const mlagArea = defineArea({
  name: 'mlag',
  docs: 'The MLAG pair (state, negotiation, peer link, config sanity) and the status of every MLAG interface.',
  asks: [MLAG, INTERFACES],
  state,
  tell: ([reply, interfacesReply]) => {
    const answer = answerOf(reply, MLAG)
    const { state, negStatus = '', peerLinkStatus = '', localIntfStatus = '', configSanity = '' } = answer
    const pair = {
      state,
      negotiation: negStatus,
      peerLink: peerLinkStatus,
      localInterface: localIntfStatus,
      configSanity,
    }
    if (state === 'disabled') return { ...pair, interfaces: {} }
    const ports = answerOf(interfacesReply, INTERFACES).interfaces
    return {
      ...pair,
      interfaces: eachOf(ports, ({ localInterface, status }) => ({ interface: localInterface, status })),
    }
  },
  describe: (before, after) => [
    ...becameEach(PAIR, [before, after], {
      state: '',
      negotiation: ' negotiation',
      peerLink: ' peer link',
      localInterface: ' local interface',
      configSanity: ' config sanity',
    }),
    ...compareRecords(before.interfaces, after.interfaces, {
      thing: (id) => ({ subject: id, label: `MLAG ${id}` }),
      added: (is) => ` (${is.interface}) added: ${is.status}`,
      removed: (was) => ` (${was.interface}) removed: was ${was.status}`,
      changed: (bond, was, is) =>
        becameEach(bond, [was, is], { status: ` (${is.interface})`, interface: ' interface' }),
    }),
  ],
})
