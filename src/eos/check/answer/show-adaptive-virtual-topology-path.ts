import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { byName } from './by-name.ts'

/** What `show adaptive-virtual-topology path` tells: VRFs, their AVT profiles, and the paths of each by name (`direct:9`). */
export const avtPathsAnswer = once(() =>
  z.object({
    vrfs: byName(
      z.object({ avts: byName(z.object({ avtPaths: byName(avtPath()).optional() })).optional() }),
    ).optional(),
  }),
)

/** One path of a profile. */
export type AvtPath = z.output<ReturnType<typeof avtPath>>

const avtPath = once(() =>
  z.object({
    flags: z
      .object({
        directPath: z.boolean().optional(),
        valid: z.boolean().optional(),
        active: z.boolean().optional(),
      })
      .optional(),
    nexthopAddr: z.string().optional(),
    destination: z.string().optional(),
  }),
)
