import { z } from 'zod'
import { partly, recordOf, show, told } from './show.ts'

/** What `show version detail` tells of the hardware. */
export const SHOW_VERSION_DETAIL = show('show version detail', () =>
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

/** What `show ptp` tells; of a switch without PTP no more than an empty `ptpIntfSummaries`. Times are seconds of the epoch. */
export const SHOW_PTP = show(
  'show ptp',
  () =>
    partly({
      ptpMode: z.string(),
      ptpClockSummary: partly({
        gmClockIdentity: z.string(),
        lastSyncTime: z.number(),
        currentPtpSystemTime: z.number(),
      }),
      ptpIntfSummaries: recordOf(told({ ptpIntfVlanSummaries: z.array(told({ portState: z.string() })) })),
    }),
  2,
)
