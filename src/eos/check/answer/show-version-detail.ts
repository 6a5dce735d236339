import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { once } from '../../../model/once.ts'
import { told } from './told.ts'

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
