import { z } from 'zod'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { byInstance, instancesOfDefault, isisInstance, judgeInstances } from './isis-instance.ts'

/** Segment routing of IS-IS runs over the given data plane. */
export const verifyIsisSegmentRoutingDataplane = defineVerify({
  name: 'VerifyISISSegmentRoutingDataplane',
  categories: ['isis', 'segment-routing'],
  summary: 'Verifies the data plane of IS-IS segment routing.',
  docs:
    'Passes when each instance has the given data plane. Fails for each that is not configured, and each with another. ' +
    'Skipped where IS-IS is not configured. EOS runs segment routing of IS-IS in the default VRF only.',
  example: { instances: [{ name: 'CORE', vrf: 'default', dataplane: 'MPLS' }] },
  input: () => z.strictObject({ instances: instancesOfDefault(isisInstance()).describe('The instances.') }),
  commands: () => [{ cmd: 'show isis segment-routing' }],
  answers: () => [byInstance(z.looseObject({ dataPlane: z.string().optional() }))],
  judge: ({ instances }, [answer]) =>
    judgeInstances(instances, answer, (actual, { dataplane }, name) => {
      if (actual === undefined || Object.keys(actual).length === 0) return [`${name} - Not configured`]
      const told = needed(actual, 'dataPlane')
      return mismatch(`${name} - Data-plane not correctly configured`, dataplane.toUpperCase(), told)
    }),
})
