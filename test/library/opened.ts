import { onTestFinished } from 'vitest'
import type { EosflowProject } from '../../src/library/eosflow-project.ts'
import { openedProject } from '../../src/library/opened-project.ts'
import type { ProjectOptions } from '../../src/library/project-options.ts'
import { type Lab, type LabOptions, seamsOf, whileTimePasses } from '../lab/lab.ts'

/** A workflow that is written so that its check passes, or never does. */
export { workflowFor } from '../lab/vlan-change.ts'

/** Opens the project of a lab as the library does. It is closed when the test is over. */
export async function opened(
  lab: Lab,
  given: Partial<ProjectOptions> = {},
  options: LabOptions = {},
): Promise<EosflowProject> {
  const project = await openedProject(
    { folder: lab.dir, caller: { kind: 'local' }, env: {}, ...given },
    seamsOf(lab, options),
  )
  onTestFinished(async () => {
    await inLab(lab, project.close()).catch(() => undefined)
  })
  return project
}

/** Waits for work of the library under the clock of a lab. */
export function inLab<T>(lab: Lab, work: Promise<T>): Promise<T> {
  return whileTimePasses(lab.clock, work)
}
