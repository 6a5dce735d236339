import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { told } from './told.ts'

/** `show ptp`, revision 2: the clock, its grandmaster and the ports. */
export const SHOW_PTP: Command = { cmd: 'show ptp', revision: 2 }

/** What `show ptp` tells; of a switch without PTP no more than an empty `ptpIntfSummaries`. Times are seconds of the epoch. */
export const ptpAnswer = once(() =>
  z.object({
    ptpMode: z.string().optional(),
    ptpClockSummary: z
      .object({
        gmClockIdentity: z.string().optional(),
        lastSyncTime: z.number().optional(),
        currentPtpSystemTime: z.number().optional(),
      })
      .optional(),
    ptpIntfSummaries: z
      .record(z.string(), told({ ptpIntfVlanSummaries: z.array(told({ portState: z.string() })) }))
      .optional(),
  }),
)
