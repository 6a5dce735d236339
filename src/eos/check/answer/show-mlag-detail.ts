import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'

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
