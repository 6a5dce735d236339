import { z } from 'zod'
import { once } from '../once.ts'

/** What `show adaptive-virtual-topology path` tells: VRFs, their AVT profiles, and the paths of each by name (`direct:9`). */
export const avtPathsAnswer = once(() =>
  z.object({
    vrfs: z.record(
      z.string(),
      z.object({
        avts: z.record(z.string(), z.object({ avtPaths: z.record(z.string(), avtPath()).default({}) })).default({}),
      }),
    ),
  }),
)

/** One path of a profile. */
export type AvtPath = z.output<ReturnType<typeof avtPath>>

const avtPath = once(() =>
  z.object({
    flags: z
      .object({
        directPath: z.boolean().optional(),
        valid: z.boolean().default(false),
        active: z.boolean().default(false),
      })
      .default({ valid: false, active: false }),
    nexthopAddr: z.string().optional(),
    destination: z.string().optional(),
  }),
)
