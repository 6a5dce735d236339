import type { Workflow } from '../../change/workflow/definition/workflow.ts'
import type { GivenParams } from '../../change/workflow/param/read.ts'
import type { KnownJudges } from '../../change/workflow/schema/judge-schema.ts'
import type { Files } from '../../change/workflow/template/files.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import type { Place } from '../../model/problem.ts'
import type { Path } from '../../text/source/located.ts'
import type { JudgesOfTest } from './judged-services.ts'
import type { Expectations, Services, TestApproval, TimedFault } from './schema.ts'

/** One case of a test file, everything it names found. */
export interface TestCase {
  /** The test file, by its path from the project's root. */
  readonly file: string
  readonly name: string
  readonly at: Place
  readonly workflow: Workflow
  readonly fabric: Fabric
  /** Parameters with their places in the test file. */
  readonly given: GivenParams
  readonly target?: string
  /** The project's files as the case has them. */
  readonly files: Files
  readonly approvals: readonly TestApproval[]
  readonly faults: readonly TimedFault[]
  /** What switches were meant to have before, by name, where that is not what they run; null: nothing is on record. */
  readonly intended: Readonly<Record<string, string | null>>
  readonly services: Services
  /** What monitoring systems say, and where the settings have them. */
  readonly judges: { readonly known: KnownJudges; readonly answers: JudgesOfTest }
  /** The state at whose beginning the execution is interrupted. */
  readonly interrupt?: string
  readonly expect: Expectations
  /** The switches that a key of an expectation means. */
  devicesOf(key: string): readonly string[]
  /** Where a part of `expect` is written. */
  placeOf(path: Path): Place
  /** Where a fault is written, by its index. */
  faultAt(index: number): Place
  /** A file that the test names, by its path from the project's root. */
  pathOf(named: string): string
  /** Where the golden plan is, by its path from the project's root. */
  readonly goldenPath?: string
}

/** A case as it is listed: its file and its name. */
export function caseTitle({ file, name }: Pick<TestCase, 'file' | 'name'>): string {
  return `${file} › ${name}`
}

/** The files that expectations name, by their path from the project's root. */
export interface Texts {
  read(path: string): string | undefined
}
