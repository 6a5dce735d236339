import { VOLATILE_VERSION } from '../../eos/config/vlan-sets.ts'
import type { ComparedPart } from '../policy/approval-case.ts'
import type { PlanContent } from './plan.ts'

// The versions of the rules that say what a plan is (ADR 0078). Whoever changes what one of them gives for the same input raises its number:
// plans and approvals of before are stale then, and say by which rule.
const RULES = {
  renderer: 1,
  redaction: 1,
  // Which lines of a configuration are left out before it is digested.
  volatile: VOLATILE_VERSION,
  interpreter: 2,
} as const

export function toolOf(version: string): PlanContent['tool'] {
  return { version, ...RULES }
}

/** What of eosflow itself may have changed since a plan was made, as an approval is judged by it. */
export type ToolChange =
  `the version of the rules for ${'templates' | 'redaction' | 'volatile lines' | 'state machines'}`

export function comparedRules(
  { renderer, redaction, volatile, interpreter }: PlanContent['tool'],
  now: PlanContent['tool'],
): Readonly<Partial<Record<ToolChange, ComparedPart>>> {
  const compared = (planned: number, found: number): ComparedPart => ({
    planned: String(planned),
    found: String(found),
  })
  return {
    'the version of the rules for templates': compared(renderer, now.renderer),
    'the version of the rules for redaction': compared(redaction, now.redaction),
    'the version of the rules for volatile lines': compared(volatile, now.volatile),
    'the version of the rules for state machines': compared(interpreter, now.interpreter),
  }
}
