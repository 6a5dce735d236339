import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { byName, recordOf, show } from './show.ts'

/** What `show interfaces` tells of forwarding. */
export const interfacesMtuAnswer = once(() =>
  z.object({
    interfaces: byName(z.object({ forwardingModel: z.string(), mtu: z.number() }).partial()),
  }),
)

/** What `show interfaces description` tells. */
export const SHOW_INTERFACES_DESCRIPTION = show('show interfaces description', () =>
  z.object({
    interfaceDescriptions: byName(
      z
        .object({
          description: z.string(),
          interfaceStatus: z.string(),
          lineProtocolStatus: z.string(),
        })
        .partial(),
    ),
  }),
)

/** What `show interfaces transceiver dom thresholds` tells; an optic without monitoring has no parameters. */
export const SHOW_TRANSCEIVER_DOM = show('show interfaces transceiver dom thresholds', () => {
  const parameter = z
    .object({
      channels: byName(z.number()),
      threshold: z.object({ lowAlarm: z.number().optional() }),
    })
    .partial()
  return z.object({
    interfaces: byName(
      z
        .looseObject({
          mediaType: z.string(),
          parameters: z.object({ rxPower: parameter, temperature: parameter }).partial(),
        })
        .partial(),
    ),
  })
})

/** What `show ip interface brief` tells. */
export const SHOW_IP_INTERFACE_BRIEF = show('show ip interface brief', () =>
  z.object({
    interfaces: byName(z.object({ interfaceStatus: z.string(), lineProtocolStatus: z.string() }).partial()),
  }),
)

/** What `show mlag` tells; a switch without MLAG tells little more than `disabled` (docs/eos.md 6.2). */
export const SHOW_MLAG = show(
  'show mlag',
  () =>
    z.object({
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
  () =>
    z.object({
      state: z.string(),
      dualPrimaryDetectionState: z.string().optional(),
      dualPrimaryMlagRecoveryDelay: z.number().optional(),
      dualPrimaryNonMlagRecoveryDelay: z.number().optional(),
      detail: z
        .object({
          mlagState: z.string(),
          primaryPriority: z.number(),
          dualPrimaryDetectionDelay: z.number(),
          dualPrimaryAction: z.string(),
        })
        .partial()
        .optional(),
    }),
  2,
)
