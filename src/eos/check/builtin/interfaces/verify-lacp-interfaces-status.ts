import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { printed } from '../../answer/printed.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { expectedPortChannel, interfaceState, interfaceSubject } from './interface-state.ts'

/** The bits of an LACP state (IEEE 802.1AX, Actor_State) in the order of the messages. */
const BITS = ['activity', 'aggregation', 'synchronization', 'collecting', 'distributing', 'timeout'] as const

type LacpState = { readonly [B in (typeof BITS)[number]]?: boolean | undefined }

/** Each interface is bundled in its port-channel, and LACP agrees on both sides. */
export const verifyLacpInterfacesStatus = defineVerify({
  name: 'VerifyLACPInterfacesStatus',
  summary: 'Verifies that interfaces are bundled in their port-channel, and their LACP states.',
  docs: 'Passes when every interface is bundled in that port-channel and, for actor and partner, active, aggregating, in sync, collecting and distributing, with the short timeout exactly where `lacp_rate_fast` is set, and, where `lacp_churn_state` is set, without churn.',
  example: { interfaces: [{ name: 'Ethernet1', portchannel: 'Port-Channel100' }] },
  input: () =>
    z.strictObject({
      interfaces: z
        .array(z.strictObject({ ...interfaceState(), portchannel: expectedPortChannel() }))
        .min(1)
        .describe('The interfaces with their port-channels.'),
    }),
  commands: () => [{ cmd: 'show lacp interface detailed', revision: 1 }],
  answers: () => {
    const bit = z.boolean().optional()
    const state = z
      .object({
        activity: bit,
        aggregation: bit,
        synchronization: bit,
        collecting: bit,
        distributing: bit,
        timeout: bit,
      })
      .optional()
    const churn = z.string().optional()
    return [
      z.object({
        portChannels: byName(
          z.object({
            interfaces: byName(
              z.object({
                actorPortStatus: z.string().optional(),
                actorPortState: state,
                partnerPortState: state,
                details: z.object({ actorChurnState: churn, partnerChurnState: churn }).optional(),
              }),
            ).optional(),
          }),
        ).optional(),
      }),
    ]
  },
  judge: ({ interfaces }, [{ portChannels }]) =>
    passUnless(
      interfaces.flatMap((one) => {
        const subject = interfaceSubject(one)
        const told = portChannels?.get(one.portchannel)?.interfaces?.get(one.name)
        if (told === undefined) return [`${subject} - Not configured`]
        if (told.actorPortStatus !== 'bundled') {
          return [`${subject} - Not bundled - Port Status: ${printed(told.actorPortStatus)}`]
        }
        return [
          ...stateFaults(`${subject} - Actor`, told.actorPortState, one.lacp_rate_fast),
          ...stateFaults(`${subject} - Partner`, told.partnerPortState, one.lacp_rate_fast),
          ...(one.lacp_churn_state ? churnFaults(subject, needed(told, 'details')) : []),
        ]
      }),
    ),
})

function stateFaults(subject: string, state: LacpState = {}, fast: boolean): readonly string[] {
  return BITS.flatMap((bit) =>
    mismatch(`${subject} port ${bit} state mismatch`, bit === 'timeout' ? fast : true, state[bit], 'None'),
  )
}

interface Churn {
  readonly actorChurnState?: string | undefined
  readonly partnerChurnState?: string | undefined
}

/** ANTA takes a state that is not told for a good one. */
function churnFaults(subject: string, churn: Churn): readonly string[] {
  if ([churn.actorChurnState, churn.partnerChurnState].includes('churnDetected')) {
    return [`${subject} - Churn detected (mismatch system ID)`]
  }
  needed(churn, 'actorChurnState')
  needed(churn, 'partnerChurnState')
  return []
}
