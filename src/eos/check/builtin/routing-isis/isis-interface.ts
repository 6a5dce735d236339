import { z } from 'zod'
import type { Command } from '../../../../model/command.ts'
import { once } from '../../../../model/once.ts'
import { passUnless, type Verdict } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { interfaceName } from '../../input/interfaces.ts'
import { integer } from '../../input/numbers.ts'
import { vrf } from '../../input/words.ts'
import { byInstance, ISIS_NOT_CONFIGURED, isisLevel } from './isis-instance.ts'

/** How IS-IS runs on an interface (ANTA documentation). */
export const isisMode = once(() => z.enum(['point-to-point', 'broadcast', 'passive']))

/** One interface of IS-IS as a catalog names it. Which of the fields that may be absent is demanded depends on the check. */
export const isisInterface = once(() =>
  z.strictObject({
    name: interfaceName().describe('Name of the interface.'),
    vrf: vrf().describe('VRF of the interface.'),
    level: isisLevel().describe('Level of IS-IS on the interface.'),
    count: integer().nullish().describe('How many neighbors there must be.'),
    mode: isisMode().nullish().describe('How IS-IS must run on it.'),
  }),
)

/** `show isis interface brief vrf all`, revision 1: what IS-IS runs on. */
export const SHOW_ISIS_INTERFACE_BRIEF: Command = { cmd: 'show isis interface brief vrf all', revision: 1 }

/** What IS-IS does on one level of an interface; a loopback tells no number of adjacencies. */
const level = once(() => z.looseObject({ passive: z.boolean().optional(), numAdjacencies: z.number().optional() }))

const isisInterfaceTold = once(() =>
  z.looseObject({ interfaceType: z.string().optional(), intfLevels: byName(level()).optional() }),
)

/** What `show isis interface brief vrf all` tells, by VRF, instance, interface and level. */
export const isisInterfacesAnswer = once(() =>
  byInstance(z.object({ interfaces: byName(isisInterfaceTold()).optional() })),
)

/** One interface, as the switch has it. */
export type ToldIsisInterface = z.output<ReturnType<typeof isisInterfaceTold>>

interface NamedInterface {
  readonly name: string
  readonly vrf: string
  readonly level: 1 | 2
}

/**
 * Judges interfaces one by one: what is wrong with each follows its name. `pick` takes of what an instance tells of the
 * interface that which is judged; one of which no instance tells it is not configured. A switch without IS-IS is skipped.
 */
export function judgeIsisInterfaces<I extends NamedInterface, T extends object>(
  interfaces: readonly I[],
  answer: z.output<ReturnType<typeof isisInterfacesAnswer>>,
  pick: (told: ToldIsisInterface, wanted: I) => T | undefined,
  faultsOf: (actual: T, wanted: I) => readonly string[],
): Verdict {
  if (answer.vrfs.size === 0) return ISIS_NOT_CONFIGURED
  return passUnless(
    interfaces.flatMap((wanted) => {
      const instances = [...(answer.vrfs.get(wanted.vrf)?.isisInstances?.values() ?? [])]
      const [actual] = instances.flatMap(({ interfaces: told }) => {
        const one = told?.get(wanted.name)
        const picked = one === undefined ? undefined : pick(one, wanted)
        return picked === undefined || Object.keys(picked).length === 0 ? [] : [picked]
      })
      const faults = actual === undefined ? ['Not configured'] : faultsOf(actual, wanted)
      return faults.map((fault) => `Interface: ${wanted.name} VRF: ${wanted.vrf} Level: ${wanted.level} - ${fault}`)
    }),
  )
}
