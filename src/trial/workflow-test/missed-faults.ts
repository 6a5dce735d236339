import type { Failure } from '../../report/test-results/test-results.ts'
import type { DeviceFault } from '../../sim/fault/fault.ts'
import { operationalFault } from '../../sim/fault/operational.ts'
import type { CaseEvidence } from './evidence.ts'
import type { Lab } from './lab.ts'
import type { TestCase } from './test-case.ts'

/** The faults of a case that have disturbed nothing: it proves nothing of what it is about, unless it says that they may. */
export function missedFaults(testCase: TestCase, evidence: CaseEvidence, lab: Lab): readonly Failure[] {
  return testCase.faults.flatMap(({ fault, when, mayMiss }, index): Failure[] => {
    const why = mayMiss === true ? undefined : missed(fault, when, evidence, lab)
    if (why === undefined) return []
    const expected = 'that it disturbs something (or `mayMiss: true`)'
    return [{ at: testCase.faultAt(index), what: `${fault.kind} of ${fault.device}`, expected, actual: why }]
  })
}

/** Why a fault has disturbed nothing; undefined where it has. */
function missed(fault: DeviceFault, when: string | undefined, evidence: CaseEvidence, lab: Lab): string | undefined {
  const setAt = lab.setAt(fault)
  if (setAt === undefined) return `it was never set: ${when} did not begin`
  const operational = operationalFault(fault, setAt)
  if (operational === undefined) {
    const { faults } = lab.fabric.get(fault.device).device
    return faults.hasStruck(fault) ? undefined : 'nothing that happened was of its kind'
  }
  if ((operational.from ?? 0) > lab.clock.now()) return 'the execution had ended before its time'
  if (!('peer' in fault)) return undefined
  const { before = '', after = '' } = evidence.switches[fault.device] ?? {}
  const names = new RegExp(`^\\s+neighbor ${fault.peer.replaceAll('.', '\\.')} `, 'm')
  return names.test(before) || names.test(after) ? undefined : `${fault.device} has no BGP neighbor ${fault.peer}`
}
