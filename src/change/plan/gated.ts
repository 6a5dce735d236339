import type { GateReading } from '../policy/gate-answer.ts'
import type { PlanDefinition } from './definition.ts'
import { planDigest, sealedPlan } from './make-plan.ts'
import type { Plan, ShownPlan } from './plan.ts'

/** A plan as its gate is asked about it: without what a gate has said, so that it is the same when it is made and before each push. */
export function withoutGate<P extends ShownPlan>(plan: P): P {
  const { gate, ...content } = plan.content
  return gate === undefined ? plan : { ...plan, content, digest: planDigest(content) }
}

export function withGate(definition: PlanDefinition, { seal: _, ...plan }: Plan, reading: GateReading): Plan {
  const content = { ...plan.content, gate: [reading] }
  return sealedPlan(definition, { ...plan, content, digest: planDigest(content) })
}
