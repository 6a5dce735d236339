import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'

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
