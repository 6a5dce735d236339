import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { told } from './told.ts'

/** `show inventory`, revision 2: what is in the slots of the switch. */
export const SHOW_INVENTORY: Command = { cmd: 'show inventory', revision: 2 }

/** `show system environment cooling`, revision 1: fans, and whether they cool enough. */
export const SHOW_COOLING: Command = { cmd: 'show system environment cooling', revision: 1 }

/** `show version detail`, revision 1: the hardware, and the versions of its components. */
export const SHOW_VERSION_DETAIL: Command = { cmd: 'show version detail', revision: 1 }

/** What `show version detail` tells of the hardware. */
export const versionDetailAnswer = once(() =>
  told({
    modelName: z.string(),
    serialNumber: z.string(),
    details: told({ components: z.array(told({ name: z.string(), version: z.string() })) }),
  }),
)

/** The model without what has no bearing on faults, such as the direction of its airflow: `DCS-7280SRA-48C6-F` is a `DCS-7280SRA-48C6`. */
export function modelWithoutVariant(modelName: string): string {
  return ['-SSD-F', '-SSD-R', '-M-F', '-M-R', '-F', '-R'].reduce(
    (name, variant) => name.replaceAll(variant, ''),
    modelName,
  )
}

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
