import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import {
  ospfNeighborsAnswer,
  ospfNeighborsIn,
  SHOW_IP_OSPF_NEIGHBOR,
  skippedWithoutNeighbors,
} from './ospf-neighbors.ts'

/** All OSPF neighbors are full. */
export const verifyOspfNeighborState = defineVerify({
  name: 'VerifyOSPFNeighborState',
  summary: 'Verifies that all OSPF neighbors are in the state full.',
  docs:
    'Passes when every neighbor of every VRF and instance is full. Fails for each that is not; so are two routers of a ' +
    'broadcast network that are neither designated nor its backup (RFC 2328, section 10.4), which ' +
    'VerifyOSPFSpecificNeighbors can expect. Skipped where there is no neighbor.',
  commands: () => [SHOW_IP_OSPF_NEIGHBOR],
  answers: () => [ospfNeighborsAnswer()],
  judge: (_input, [answer]) =>
    skippedWithoutNeighbors(answer) ??
    passUnless(
      ospfNeighborsIn(answer)
        .filter(({ neighbor }) => neighbor.adjacencyState !== 'full')
        .map(
          ({ instance, vrf, neighbor }) =>
            `Instance: ${instance} VRF: ${vrf} Neighbor ID: ${neighbor.routerId} - Incorrect adjacency state - ` +
            `Expected: Full Actual: ${neighbor.adjacencyState}`,
        ),
    ),
})
