import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { recordOf } from '../answer/by-name.ts'
import { type Read, show } from '../answer/show.ts'
import { became, compareRecords } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder } from './define-area.ts'

// `show mlag`; a switch without MLAG tells little more than `disabled` (docs/eos.md 6.2).
const MLAG = show(
  'show mlag',
  () =>
    z.object({
      state: z.string(),
      negStatus: z.string().optional(),
      peerLinkStatus: z.string().optional(),
      localIntfStatus: z.string().optional(),
      configSanity: z.string().optional(),
    }),
  2,
)

// `show mlag interfaces`: MLAG interfaces by their number.
const INTERFACES = show('show mlag interfaces', () =>
  z.object({
    interfaces: recordOf(z.object({ localInterface: z.string(), status: z.string() })),
  }),
)

const state = once(() =>
  z.strictObject({
    state: z.string(),
    negotiation: z.string(),
    peerLink: z.string(),
    localInterface: z.string(),
    configSanity: z.string(),
    interfaces: recordOf(z.strictObject({ interface: z.string(), status: z.string() })),
  }),
)

export type MlagState = Read<typeof state>

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
    const ports = answerOf(interfacesReply, INTERFACES)
    const entries = Object.entries(ports.interfaces).map(
      ([id, { localInterface, status }]) => [id, { interface: localInterface, status }] as const,
    )
    return { ...pair, interfaces: inOrder(entries) }
  },
  describe: (before, after) => [
    ...became(PAIR, 'state', [before.state, after.state]),
    ...became(PAIR, 'negotiation', [before.negotiation, after.negotiation], { suffix: ' negotiation' }),
    ...became(PAIR, 'peerLink', [before.peerLink, after.peerLink], { suffix: ' peer link' }),
    ...became(PAIR, 'localInterface', [before.localInterface, after.localInterface], { suffix: ' local interface' }),
    ...became(PAIR, 'configSanity', [before.configSanity, after.configSanity], { suffix: ' config sanity' }),
    ...compareRecords(before.interfaces, after.interfaces, {
      thing: (id) => ({ subject: id, label: `MLAG ${id}` }),
      added: (is) => ` (${is.interface}) added: ${is.status}`,
      removed: (was) => ` (${was.interface}) removed: was ${was.status}`,
      changed: (bond, was, is) => [
        ...became(bond, 'status', [was.status, is.status], { suffix: ` (${is.interface})` }),
        ...became(bond, 'interface', [was.interface, is.interface], { suffix: ' interface' }),
      ],
    }),
  ],
})
