import { z } from 'zod'
import { byName, partly, recordOf, show } from './show.ts'

/** What `show interfaces` tells of forwarding. */
export const interfacesMtuAnswer = () =>
  z.object({
    interfaces: byName(partly({ forwardingModel: z.string(), mtu: z.number() })),
  })

/** What `show interfaces description` tells. */
export const SHOW_INTERFACES_DESCRIPTION = show('show interfaces description', () => ({
  interfaceDescriptions: byName(
    partly({
      description: z.string(),
      interfaceStatus: z.string(),
      lineProtocolStatus: z.string(),
    }),
  ),
}))

/** What `show interfaces transceiver dom thresholds` tells; an optic without monitoring has no parameters. */
export const SHOW_TRANSCEIVER_DOM = show('show interfaces transceiver dom thresholds', () => {
  const parameter = partly({
    channels: byName(z.number()),
    threshold: partly({ lowAlarm: z.number() }),
  })
  return z.object({
    interfaces: byName(
      z
        .looseObject({
          mediaType: z.string(),
          parameters: partly({ rxPower: parameter, temperature: parameter }),
        })
        .partial(),
    ),
  })
})

/** What `show ip interface brief` tells. */
export const SHOW_IP_INTERFACE_BRIEF = show('show ip interface brief', () => ({
  interfaces: byName(partly({ interfaceStatus: z.string(), lineProtocolStatus: z.string() })),
}))

/** What `show mlag` tells; a switch without MLAG tells little more than `disabled` (docs/eos.md 6.2). */
export const SHOW_MLAG = show(
  'show mlag',
  () => ({
    state: z.string(),
    negStatus: z.string().optional(),
    peerLinkStatus: z.string().optional(),
    localIntfStatus: z.string().optional(),
    mlagPorts: recordOf(z.number()).optional(),
    reloadDelay: z.number().optional(),
    reloadDelayNonMlag: z.number().optional(),
  }),
  2,
)

/** What `show mlag detail` tells; a switch without MLAG tells little more than `disabled`. */
export const SHOW_MLAG_DETAIL = show(
  'show mlag detail',
  () => ({
    state: z.string(),
    dualPrimaryDetectionState: z.string().optional(),
    dualPrimaryMlagRecoveryDelay: z.number().optional(),
    dualPrimaryNonMlagRecoveryDelay: z.number().optional(),
    detail: partly({
      mlagState: z.string(),
      primaryPriority: z.number(),
      dualPrimaryDetectionDelay: z.number(),
      dualPrimaryAction: z.string(),
    }).optional(),
  }),
  2,
)
