import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../define-verify.ts'
import { mismatch } from '../../mismatch.ts'
import { once } from '../../once.ts'
import { byInstance, ISIS_NOT_CONFIGURED } from './isis-instance.ts'

const neighborsAnswer = once(() =>
  byInstance(
    z.object({
      neighbors: byName(
        z.object({
          adjacencies: z
            .array(z.object({ interfaceName: z.string().optional(), state: z.string().optional() }))
            .optional(),
        }),
      ).optional(),
    }),
  ),
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
  judge: ({ check_all_vrfs }, [answer]) => {
    if (answer.vrfs.size === 0) return ISIS_NOT_CONFIGURED
    const adjacencies = adjacenciesIn(answer).filter(({ vrf }) => check_all_vrfs || vrf === 'default')
    if (adjacencies.length === 0) return { status: 'skip', reason: 'No IS-IS neighbor detected' }
    return passUnless(
      adjacencies.flatMap(({ vrf, instance, interfaceName = 'Not found', state }) =>
        mismatch(
          `Instance: ${instance} VRF: ${vrf} Interface: ${interfaceName} - Incorrect adjacency state`,
          'up',
          state,
        ),
      ),
    )
  },
})

function adjacenciesIn({ vrfs }: z.output<ReturnType<typeof neighborsAnswer>>) {
  return [...vrfs].flatMap(([vrf, { isisInstances = [] }]) =>
    [...isisInstances].flatMap(([instance, { neighbors }]) =>
      [...(neighbors?.values() ?? [])].flatMap(({ adjacencies = [] }) =>
        adjacencies.map((adjacency) => ({ vrf, instance, ...adjacency })),
      ),
    ),
  )
}
