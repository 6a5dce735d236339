import type { Feature } from '../project/system/feature/feature.ts'
import { cloudVision } from './cloudvision/index.ts'
import { judge } from './judge/index.ts'

/** All features, in the order in which they are asked. */
export const features: readonly Feature[] = [
  { name: 'change-file', plan: ['changeFile'] },
  { name: 'invariant', settings: ['invariants'], plan: ['invariants'] },
  { name: 'gate', plan: ['gate'], records: ['GateAsked'] },
  { name: 'probe', plan: ['probes'], records: ['ProbesMeasured'] },
  judge,
  cloudVision,
  { name: 'around', settings: ['around'], plan: ['around'], records: ['AroundTurned', 'AroundActed'] },
  { name: 'after', plan: ['after'] },
]
