import type { Clock } from '../../model/clock.ts'
import { type Executed, evidenceOf, lookBefore } from './evidence.ts'
import type { Failure } from './failure.ts'
import { goldenPlan } from './golden-plan.ts'
import { judge } from './judge.ts'
import { type Lab, startLab } from './lab.ts'
import type { TestCase, Texts } from './test-case.ts'

/** Runs the workflow of a case against the switches of its lab, as the command line does. */
export type Execute = (testCase: TestCase, lab: Lab) => Promise<Executed>

/** How one case went, as plain data. */
export interface CaseVerdict {
  /** Empty when everything is as expected. */
  readonly failures: readonly Failure[]
  /** How long it took by the clock on the wall. */
  readonly milliseconds: number
}

/** A case and how it went. */
export interface CaseResult extends CaseVerdict {
  readonly testCase: TestCase
}

/** What running tests needs from outside. */
export interface TestPorts {
  readonly execute: Execute
  readonly texts: Texts
  /** The clock on the wall, for how long tests take. */
  readonly clock: Clock
  /** Writes golden plans instead of comparing with them. */
  readonly update?: (path: string, text: string) => void
}

/** Runs one case on switches of its own and judges how it ended. */
export async function runCase(testCase: TestCase, { execute, texts, clock, update }: TestPorts): Promise<CaseVerdict> {
  const begun = clock.monotonic()
  const lab = startLab(testCase)
  const before = lookBefore(lab)
  const executed = await lab.whileTimePasses(execute(testCase, lab))
  const evidence = evidenceOf(lab, before, executed)
  const { goldenPath } = testCase
  if (update !== undefined && goldenPath !== undefined && evidence.plan !== undefined) {
    update(goldenPath, goldenPlan(evidence.plan))
  }
  const failures = await judge(testCase, evidence, lab, texts)
  return { failures, milliseconds: Math.round(clock.monotonic() - begun) }
}
