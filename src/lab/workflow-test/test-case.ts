import type { Workflow } from '../../change/workflow/definition/workflow.ts'
import type { GivenParams } from '../../change/workflow/param/read.ts'
import type { KnownJudges } from '../../change/workflow/schema/judge-schema.ts'
import type { Files } from '../../change/workflow/template/files.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import type { Place } from '../../model/problem.ts'
import type { Path } from '../../text/source/located.ts'
import type { JudgesOfTest } from './judged-services.ts'
import type { Expectations, Services, TestApproval, TimedFault } from './schema.ts'

export interface TestCase {
  readonly file: string
  readonly name: string
  readonly at: Place
  readonly workflow: Workflow
  readonly fabric: Fabric
  readonly given: GivenParams
  readonly target?: string
  readonly files: Files
  readonly approvals: readonly TestApproval[]
  readonly faults: readonly TimedFault[]
  /** What switches were meant to have before, by name, where that is not what they run; null: nothing is on record. */
  readonly intended: Readonly<Record<string, string | null>>
  readonly services: Services
  readonly judges: { readonly known: KnownJudges; readonly answers: JudgesOfTest }
  readonly interrupt?: string
  readonly expect: Expectations
  devicesOf(key: string): readonly string[]
  placeOf(path: Path): Place
  faultAt(index: number): Place
  pathOf(named: string): string
  readonly goldenPath?: string
}

export function caseTitle({ file, name }: Pick<TestCase, 'file' | 'name'>): string {
  return `${file} › ${name}`
}

export interface Texts {
  read(path: string): string | undefined
}
