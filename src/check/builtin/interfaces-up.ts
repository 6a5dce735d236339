import { z } from 'zod'
import type { Reply } from '../../device/device.ts'
import { passUnless } from '../../model/verdict.ts'
import { modelIn, type Reading } from '../area/define-area.ts'
import { INTERFACES_STATUS, interfacesArea } from '../area/interfaces.ts'
import { SHOW_INTERFACES } from '../area/show-interfaces.ts'
import { defineCheck } from '../define.ts'
import { once } from '../once.ts'

/** Ports are connected: those named, or those that were before the change. */
export const interfacesUp = defineCheck({
  name: 'interfaces-up',
  summary: 'Every named interface is connected; without names, every one that was before the change.',
  docs:
    'Reads `show interfaces status`: ports, management ports and port-channels; where a loopback, an SVI, Vxlan1, a tunnel or a sub-interface is named, `show interfaces` too. With `interfaces` each of them must be ' +
    'connected. Without, the snapshot must have read the state area `interfaces`, and whatever was connected then must ' +
    'be so now: one that is gone fails too. Where nothing was connected before there is nothing to judge.',
  input: z.strictObject({
    interfaces: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Full names of the interfaces that must be connected, for example Ethernet1.')
      .meta({ examples: [['Ethernet1', 'Port-Channel5']] }),
  }),
  needs: 'interfaces',
  commands: ({ interfaces = [] }) =>
    interfaces.some(isLogical) ? [INTERFACES_STATUS, SHOW_INTERFACES] : [INTERFACES_STATUS],

  judge({ interfaces }, replies, context) {
    const now = interfacesArea.now(replies)
    if (!now.ok) return { status: 'error', reason: now.error }
    if (Object.keys(now.state).length === 0) return { status: 'error', reason: 'the switch shows no interface at all' }
    if (interfaces !== undefined) {
      const logical = interfaces.some(isLogical) ? logicalLinks(replies[1]) : { ok: true as const, state: {} }
      return logical.ok
        ? mustBeConnected(interfaces, { ...logical.state, ...now.state })
        : { status: 'error', reason: logical.error }
    }
    const before = interfacesArea.before(context)
    if (!before.ok) return { status: 'error', reason: before.error }
    const connected = Object.keys(before.state).filter((name) => before.state[name]?.link === 'connected')
    if (connected.length === 0) return { status: 'skip', reason: 'no interface was connected before the change' }
    return mustBeConnected(connected, now.state)
  },
})

/** Whether `show interfaces status` leaves an interface out: loopbacks, SVIs, VXLAN, tunnels and sub-interfaces. */
function isLogical(name: string): boolean {
  return /^(?:Loopback|Vlan|Vxlan|Tunnel)\d|\.\d+$/.test(name)
}

/** `show interfaces`, revision 1, of every interface. */
const model = once(() => z.object({ interfaces: z.record(z.string(), z.object({ interfaceStatus: z.string() })) }))

function logicalLinks(reply: Reply | undefined): Reading<Links> {
  const answer = modelIn(reply, SHOW_INTERFACES, model)
  if (!answer.ok) return answer
  const links = Object.entries(answer.state.interfaces).map(
    ([name, { interfaceStatus: link }]) => [name, { link }] as const,
  )
  return { ok: true, state: Object.fromEntries(links.filter(([name]) => isLogical(name))) }
}

type Links = Readonly<Record<string, { readonly link: string }>>

function mustBeConnected(names: readonly string[], now: Links) {
  const reasons = names.flatMap((name) => {
    const link = Object.hasOwn(now, name) ? now[name]?.link : 'not there'
    return link === 'connected' ? [] : [`${name} - expected: connected, actual: ${link}`]
  })
  return passUnless(reasons, [`${names.length} connected`])
}
