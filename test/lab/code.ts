import { onTestFinished } from 'vitest'
import type { Lab, LabOptions } from './lab.ts'
import { seamsOf, whileTimePasses } from './memory.ts'
import { codeSources, type EosflowProject, type LibraryOptions } from './sources.ts'

/** Opens the project of a lab as the library does. It is closed when the test is over. */
export async function openCode(
  lab: Lab,
  given: Partial<LibraryOptions> = {},
  options: LabOptions = {},
): Promise<EosflowProject> {
  const { openedProject } = await codeSources()
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
