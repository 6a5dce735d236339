import type { Clock } from '../../model/clock.ts'
import { messageOf } from '../../model/error.ts'
import type { Failure } from '../../report/test-results/test-results.ts'
import { type CaseExecution, evidenceOf, lookBefore } from './evidence.ts'
import { goldenPlan } from './golden-plan.ts'
import { judge } from './judge.ts'
import { type Lab, startLab } from './lab.ts'
import type { TestCase, Texts } from './test-case.ts'

export type Execute = (testCase: TestCase, lab: Lab) => Promise<CaseExecution>

export interface CaseVerdict {
  readonly failures: readonly Failure[]
  readonly milliseconds: number
  /** The golden plan that was written, by its path from the project's root; absent where it was so already. */
  readonly wrote?: string
}

export interface CaseResult extends CaseVerdict {
  readonly testCase: TestCase
}

export interface TestPorts {
  readonly execute: Execute
  readonly texts: Texts
  readonly clock: Clock
  readonly update?: (path: string, text: string) => void
}

export async function runCase(testCase: TestCase, ports: TestPorts): Promise<CaseVerdict> {
  const begun = ports.clock.monotonic()
  const verdict = await judged(testCase, ports).catch((error: unknown) => ({ failures: [broken(testCase, error)] }))
  return { ...verdict, milliseconds: Math.round(ports.clock.monotonic() - begun) }
}

async function judged(
  testCase: TestCase,
  { execute, texts, clock, update }: TestPorts,
): Promise<Omit<CaseVerdict, 'milliseconds'>> {
  const lab = startLab(testCase, clock)
  const before = lookBefore(lab)
  const executed = await lab.whileTimePasses(execute(testCase, lab))
  const evidence = evidenceOf(lab, before, executed)
  const { goldenPath } = testCase
  const golden = goldenPath === undefined || evidence.plan === undefined ? undefined : goldenPlan(evidence.plan)
  const isNew = goldenPath !== undefined && golden !== undefined && texts.read(goldenPath) !== golden
  if (update !== undefined && isNew) update(goldenPath, golden)
  return {
    failures: await judge(testCase, evidence, lab, texts),
    ...(update !== undefined && isNew ? { wrote: goldenPath } : {}),
  }
}

function broken({ at }: TestCase, error: unknown): Failure {
  const actual = messageOf(error)
  return { at, what: 'unexpected error', expected: 'an execution that ends', actual }
}
