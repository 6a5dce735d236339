import { z } from 'zod'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { integer } from '../../input/numbers.ts'
import {
  isisInterface,
  isisInterfacesAnswer,
  judgeIsisInterfaces,
  SHOW_ISIS_INTERFACE_BRIEF,
} from './isis-interface.ts'

/** Interfaces have the given number of IS-IS neighbors. */
export const verifyIsisNeighborCount = defineVerify({
  name: 'VerifyISISNeighborCount',
  summary: 'Verifies how many IS-IS neighbors there are on interfaces, level by level.',
  docs:
    'Passes when each interface has the given number of neighbors on its level. Fails for each that IS-IS does not run on, ' +
    'and each with another number. Skipped where IS-IS is not configured.',
  example: {
    interfaces: [
      { name: 'Ethernet1', level: 1, count: 2 },
      { name: 'Ethernet2', level: 2, count: 1 },
      { name: 'Ethernet3', count: 2 },
    ],
  },
  input: () =>
    z.strictObject({
      interfaces: z
        .array(isisInterface().extend({ count: integer().describe('How many neighbors there must be.') }))
        .min(1)
        .describe('The interfaces and their numbers of neighbors.'),
    }),
  commands: () => [SHOW_ISIS_INTERFACE_BRIEF],
  answers: () => [isisInterfacesAnswer()],
  judge: ({ interfaces }, [answer]) =>
    judgeIsisInterfaces(
      interfaces,
      answer,
      ({ intfLevels }, { level }) => intfLevels?.get(String(level)),
      // Nobody is a neighbor on a passive interface.
      (on, { count }) =>
        needed(on, 'passive') ? [] : mismatch('Neighbor count mismatch', count, needed(on, 'numAdjacencies')),
    ),
})
