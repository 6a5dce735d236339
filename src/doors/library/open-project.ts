import type { EosflowProject, ProjectOptions } from './requests.ts'

/**
 * Opens a project for one caller. Nothing is contacted and nothing is held open between two calls; no signal is listened for and nothing is
 * printed. Rejects with {@link InputError} where there is no project, or its settings are not good.
 */
export async function openProject(options: ProjectOptions): Promise<EosflowProject> {
  const { openedProject } = await import('./opened-project.ts')
  return openedProject(options)
}
