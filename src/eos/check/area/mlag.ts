import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { became, compareRecords } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'

const MLAG = { cmd: 'show mlag', revision: 2 }
const INTERFACES = { cmd: 'show mlag interfaces', revision: 1 }

// `show mlag`; a switch without MLAG tells little more than `disabled` (docs/eos.md 6.2).
const model = once(() =>
  z.object({
    state: z.string(),
    negStatus: z.string().optional(),
    peerLinkStatus: z.string().optional(),
    localIntfStatus: z.string().optional(),
    configSanity: z.string().optional(),
  }),
)

// `show mlag interfaces`: MLAG interfaces by their number.
const interfacesModel = once(() =>
  z.object({
    interfaces: z.record(z.string(), z.object({ localInterface: z.string(), status: z.string() })),
  }),
)

const state = once(() =>
  z.strictObject({
    state: z.string(),
    negotiation: z.string(),
    peerLink: z.string(),
    localInterface: z.string(),
    configSanity: z.string(),
    interfaces: z.record(z.string(), z.strictObject({ interface: z.string(), status: z.string() })),
  }),
)

export type MlagState = z.output<ReturnType<typeof state>>

const PAIR = { subject: 'mlag', label: 'MLAG' }

export const mlagArea = defineArea({
  name: 'mlag',
  docs: 'The MLAG pair (state, negotiation, peer link, config sanity) and the status of every MLAG interface.',
  commands: [MLAG, INTERFACES],
  state,
  tell: ([reply, interfacesReply]) => {
    const answer = modelIn(reply, MLAG, model)
    if (!answer.ok) return answer
    const { state, negStatus = '', peerLinkStatus = '', localIntfStatus = '', configSanity = '' } = answer.state
    const pair = {
      state,
      negotiation: negStatus,
      peerLink: peerLinkStatus,
      localInterface: localIntfStatus,
      configSanity,
    }
    if (state === 'disabled') return { ok: true, state: { ...pair, interfaces: {} } }
    const ports = modelIn(interfacesReply, INTERFACES, interfacesModel)
    if (!ports.ok) return ports
    const entries = Object.entries(ports.state.interfaces).map(
      ([id, { localInterface, status }]) => [id, { interface: localInterface, status }] as const,
    )
    return { ok: true, state: { ...pair, interfaces: inOrder(entries) } }
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
