import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'

/** `show interfaces`, revision 1: every interface with its settings and counters. */
export const SHOW_INTERFACES: Command = { cmd: 'show interfaces', revision: 1 }

/** What `show interfaces` tells of forwarding. */
export const interfacesMtuAnswer = once(() =>
  z.object({
    interfaces: byName(z.object({ forwardingModel: z.string().optional(), mtu: z.number().optional() })),
  }),
)

/** `show interfaces description`, revision 1: state and description of every interface. */
export const SHOW_INTERFACES_DESCRIPTION: Command = { cmd: 'show interfaces description', revision: 1 }

/** What `show interfaces description` tells. */
export const interfacesDescriptionAnswer = once(() =>
  z.object({
    interfaceDescriptions: byName(
      z.object({
        description: z.string().optional(),
        interfaceStatus: z.string().optional(),
        lineProtocolStatus: z.string().optional(),
      }),
    ),
  }),
)

/** `show interfaces transceiver dom thresholds`, revision 1: what the optics measure of themselves. */
export const SHOW_TRANSCEIVER_DOM: Command = { cmd: 'show interfaces transceiver dom thresholds', revision: 1 }

/** What `show interfaces transceiver dom thresholds` tells; an optic without monitoring has no parameters. */
export const transceiverDomAnswer = once(() => {
  const parameter = z.object({
    channels: byName(z.number()).optional(),
    threshold: z.object({ lowAlarm: z.number().optional() }).optional(),
  })
  return z.object({
    interfaces: byName(
      z.looseObject({
        mediaType: z.string().optional(),
        parameters: z.object({ rxPower: parameter.optional(), temperature: parameter.optional() }).optional(),
      }),
    ),
  })
})

/** `show ip interface brief`, revision 1: every interface with an IPv4 address, and its state. */
export const SHOW_IP_INTERFACE_BRIEF: Command = { cmd: 'show ip interface brief', revision: 1 }

/** What `show ip interface brief` tells. */
export const ipInterfaceBriefAnswer = once(() =>
  z.object({
    interfaces: byName(z.object({ interfaceStatus: z.string().optional(), lineProtocolStatus: z.string().optional() })),
  }),
)

/** `show mlag`, revision 2: the pair and its peer link. */
export const SHOW_MLAG: Command = { cmd: 'show mlag', revision: 2 }

/** What `show mlag` tells; a switch without MLAG tells little more than `disabled` (docs/eos.md 6.2). */
export const mlagAnswer = once(() =>
  z.object({
    state: z.string(),
    negStatus: z.string().optional(),
    peerLinkStatus: z.string().optional(),
    localIntfStatus: z.string().optional(),
    mlagPorts: z.record(z.string(), z.number()).optional(),
    reloadDelay: z.number().optional(),
    reloadDelayNonMlag: z.number().optional(),
  }),
)

/** `show mlag detail`, revision 2: the pair with its election and dual-primary detection. */
export const SHOW_MLAG_DETAIL: Command = { cmd: 'show mlag detail', revision: 2 }

/** What `show mlag detail` tells; a switch without MLAG tells little more than `disabled`. */
export const mlagDetailAnswer = once(() =>
  z.object({
    state: z.string(),
    dualPrimaryDetectionState: z.string().optional(),
    dualPrimaryMlagRecoveryDelay: z.number().optional(),
    dualPrimaryNonMlagRecoveryDelay: z.number().optional(),
    detail: z
      .object({
        mlagState: z.string().optional(),
        primaryPriority: z.number().optional(),
        dualPrimaryDetectionDelay: z.number().optional(),
        dualPrimaryAction: z.string().optional(),
      })
      .optional(),
  }),
)
