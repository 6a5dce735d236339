import { z } from 'zod'
import type { Command } from '../../model/command.ts'
import { once } from '../once.ts'

/** `show version detail`, revision 1: the hardware, and the versions of its components. */
export const SHOW_VERSION_DETAIL: Command = { cmd: 'show version detail', revision: 1 }

/** What `show version detail` tells of the hardware. */
export const versionDetailAnswer = once(() =>
  z.object({
    modelName: z.string(),
    serialNumber: z.string().optional(),
    details: z
      .object({ components: z.array(z.object({ name: z.string(), version: z.string().optional() })).default([]) })
      .default({ components: [] }),
  }),
)

/** The model without the direction of its airflow: `DCS-7280SRA-48C6-F` is a `DCS-7280SRA-48C6`. */
export function modelWithoutAirflow(modelName: string): string {
  return modelName.replace(/-[FR]$/, '')
}
