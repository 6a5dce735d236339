import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless, type Verdict } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { ipv4 } from '../../input/addresses.ts'
import { interfaceName } from '../../input/interfaces.ts'
import { vrf, word } from '../../input/words.ts'

/** The verdict on a switch that has no IS-IS at all. */
export const ISIS_NOT_CONFIGURED: Verdict = { status: 'skip', reason: 'IS-IS not configured' }

/** A level of IS-IS (ISO 10589): 1 within an area, 2 between areas. */
export const isisLevel = once(() => z.literal([1, 2]).default(2))

/** One adjacency segment as a catalog names it (RFC 8667, section 2.2). */
export const isisSegment = once(() =>
  z.strictObject({
    interface: interfaceName().describe('Interface of the adjacency.'),
    level: isisLevel().describe('Level of the adjacency.'),
    sid_origin: z
      .enum(['dynamic', 'configured'])
      .default('dynamic')
      .describe('Where its segment identifier comes from.'),
    address: ipv4().describe('IPv4 address of the neighbor.'),
  }),
)

/** One instance of IS-IS as a catalog names it. Which of the fields a check judges depends on the check. */
export const isisInstance = once(() =>
  z.strictObject({
    name: word().describe('Name of the instance.'),
    vrf: vrf().describe('VRF of the instance.'),
    dataplane: z.enum(['MPLS', 'mpls', 'unset']).default('MPLS').describe('Data plane of segment routing.'),
    segments: z.array(isisSegment()).nullish().describe('Adjacency segments.'),
    graceful_restart: z.boolean().default(false).describe('Whether the instance restarts gracefully.'),
    graceful_restart_helper: z.boolean().default(true).describe('Whether the instance helps its neighbors to.'),
  }),
)

/** Instances of the VRF `default`, which is all that segment routing knows. */
export function instancesOfDefault<I extends z.ZodType<NamedInstance>>(instance: I) {
  return z.array(instance.refine((one) => one.vrf === 'default', { error: '`vrf` must be `default`' })).min(1)
}

/** An answer that keys what it tells by VRF and instance. */
export function byInstance<T extends z.ZodType>(instance: T) {
  return z.object({ vrfs: byName(z.object({ isisInstances: byName(instance).optional() })) })
}

/** {@link byInstance} as it is read. */
export interface InstanceAnswer<T> {
  readonly vrfs: ReadonlyMap<string, { readonly isisInstances?: ReadonlyMap<string, T> | undefined }>
}

interface NamedInstance {
  readonly name: string
  readonly vrf: string
}

/**
 * Judges instances one by one. `faultsOf` is given undefined for an instance that the switch does not know, and the name
 * that messages begin with. A switch without IS-IS is skipped.
 */
export function judgeInstances<I extends NamedInstance, T>(
  instances: readonly I[],
  answer: InstanceAnswer<T>,
  faultsOf: (actual: T | undefined, instance: I, name: string) => readonly string[],
): Verdict {
  if (answer.vrfs.size === 0) return ISIS_NOT_CONFIGURED
  return passUnless(
    instances.flatMap((instance) => {
      const { name, vrf: inVrf } = instance
      return faultsOf(answer.vrfs.get(inVrf)?.isisInstances?.get(name), instance, `Instance: ${name} VRF: ${inVrf}`)
    }),
  )
}
