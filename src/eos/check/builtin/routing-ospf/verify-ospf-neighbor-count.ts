import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { integer } from '../../input/numbers.ts'
import {
  ospfNeighborsAnswer,
  ospfNeighborsIn,
  SHOW_IP_OSPF_NEIGHBOR,
  skippedWithoutNeighbors,
} from './ospf-neighbors.ts'

/** So many OSPF neighbors are full. */
export const verifyOspfNeighborCount = defineVerify({
  name: 'VerifyOSPFNeighborCount',
  summary: 'Verifies how many OSPF neighbors are in the state full.',
  docs:
    'Passes when as many neighbors as given are full, over all VRFs and instances. Fails with another number. Skipped where ' +
    'there is no neighbor.',
  example: { number: 3 },
  input: () => z.strictObject({ number: integer().describe('How many neighbors must be full.') }),
  commands: () => [SHOW_IP_OSPF_NEIGHBOR],
  answers: () => [ospfNeighborsAnswer()],
  judge: ({ number }, [answer]) => {
    const full = ospfNeighborsIn(answer)
      .filter(({ neighbor }) => neighbor.adjacencyState === 'full')
      .map(({ neighbor }) => neighbor.routerId)
    return skippedWithoutNeighbors(answer) ?? passUnless(mismatch('Neighbor count mismatch', number, full.length))
  },
})
