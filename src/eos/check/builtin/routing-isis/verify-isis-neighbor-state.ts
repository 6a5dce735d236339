import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { MissingMember, told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { ISIS_NOT_CONFIGURED } from './isis-instance.ts'

const neighborsAnswer = once(() =>
  z.object({
    vrfs: byName(
      told({
        isisInstances: byName(
          told({
            neighbors: byName(told({ adjacencies: z.array(told({ interfaceName: z.string(), state: z.string() })) })),
          }),
        ),
      }),
    ),
  }),
)

/** All IS-IS adjacencies are up. */
export const verifyIsisNeighborState = defineVerify({
  name: 'VerifyISISNeighborState',
  summary: 'Verifies that all IS-IS adjacencies are up.',
  docs:
    'Passes when every adjacency of the default VRF is up, or of all VRFs with `check_all_vrfs`. Fails for each that is ' +
    'not. Skipped where IS-IS is not configured, and where it has no neighbor.',
  example: { check_all_vrfs: true },
  input: () =>
    z.strictObject({
      check_all_vrfs: z.boolean().default(false).describe('Whether to judge all VRFs, and not only `default`.'),
    }),
  commands: () => [{ cmd: 'show isis neighbors vrf all', revision: 1 }],
  answers: () => [neighborsAnswer()],
  judge: ({ check_all_vrfs }, [{ vrfs }]) => {
    if (vrfs.size === 0) return ISIS_NOT_CONFIGURED
    const own = vrfs.get('default')
    if (!check_all_vrfs && own === undefined) throw new MissingMember(vrfs, 'default')
    const looked = check_all_vrfs || own === undefined ? vrfs : new Map([['default', own]])
    const neighbors = [...looked].flatMap(([vrf, { isisInstances }]) =>
      [...isisInstances].flatMap(([instance, told]) =>
        [...told.neighbors.values()].map((neighbor) => ({ vrf, instance, neighbor })),
      ),
    )
    if (neighbors.length === 0) return { status: 'skip', reason: 'No IS-IS neighbor detected' }
    const adjacencies = neighbors.flatMap(({ neighbor, ...at }) =>
      neighbor.adjacencies.map((adjacency) => ({ ...at, adjacency })),
    )
    if (adjacencies.length === 0) return { status: 'error', reason: 'the answer has no adjacency' }
    return passUnless(
      adjacencies.flatMap(({ vrf, instance, adjacency }) =>
        adjacency.state === 'up'
          ? []
          : mismatch(
              `Instance: ${instance} VRF: ${vrf} Interface: ${adjacency.interfaceName} - Incorrect adjacency state`,
              'up',
              adjacency.state,
            ),
      ),
    )
  },
})
