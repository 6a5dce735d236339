import { z } from 'zod'
import { passUnless } from '../../../model/error.ts'
import { shown } from '../../../text/source/duration.ts'
import { SHOW_INTERFACES } from '../area/define-area.ts'
import { INTERFACES_STATUS, interfacesArea } from '../area/interfaces.ts'
import { defineCheck } from '../define/define-check.ts'

/** Interfaces are connected: those named, or those that were before the change. */
export const interfacesUp = defineCheck({
  name: 'interfaces-up',
  summary: 'Every named interface is connected; without names, every one that was before the change.',
  docs:
    'Reads `show interfaces status`: ports, management ports and port-channels; and `show interfaces`, unless only such are named: loopbacks, SVIs, Vxlan1, tunnels, sub-interfaces. ' +
    'With `interfaces` each of them must be connected. Without, the snapshot must have read the state area `interfaces`, and whatever ' +
    'was connected then must be so now: one that is gone fails too. Where nothing was connected before there is nothing to judge.',
  input: z.strictObject({
    interfaces: shown(
      z.array(z.string().min(1)).min(1).optional(),
      'Full names of the interfaces that must be connected, for example Ethernet1.',
      ['Ethernet1', 'Port-Channel5'],
    ),
  }),
  needs: 'interfaces',
  commands: ({ interfaces }) =>
    interfaces?.some(isLogical) === false ? [INTERFACES_STATUS.command] : [INTERFACES_STATUS.command, SHOW_INTERFACES],

  judge({ interfaces }, replies, context) {
    const now = interfacesArea.now(replies)
    if (!now.ok) return { status: 'error', reason: now.error }
    if (Object.keys(now.state).length === 0) return { status: 'error', reason: 'the switch shows no interface at all' }
    if (interfaces !== undefined) return mustBeConnected(interfaces, now.state)
    const before = interfacesArea.before(context)
    if (!before.ok) return { status: 'error', reason: before.error }
    const connected = Object.keys(before.state).filter((name) => before.state[name]?.link === 'connected')
    if (connected.length === 0) return { status: 'skip', reason: 'no interface was connected before the change' }
    return mustBeConnected(connected, now.state)
  },
})

function isLogical(name: string) {
  return !/^(?:Ethernet|Management|Port-Channel)[\d/]+$/.test(name)
}

type Links = Readonly<Record<string, { readonly link: string }>>

function mustBeConnected(names: readonly string[], now: Links) {
  const reasons = names.flatMap((name) => {
    const link = Object.hasOwn(now, name) ? now[name]?.link : 'not there'
    return link === 'connected' ? [] : [`${name} - expected: connected, actual: ${link}`]
  })
  return passUnless(reasons, [`${names.length} connected`])
}
