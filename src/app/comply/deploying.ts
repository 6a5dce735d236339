import type { App } from '../app.ts'
import type { SilentCaller } from '../caller.ts'
import { InputError } from '../input-error.ts'
import { decided } from '../policy/authority.ts'
import { loadWorkflow } from '../project/load-workflow.ts'
import { workflowsIn } from '../validate/files-of-project.ts'

/**
 * The workflow of the project that makes the whole configurations of a folder those of the switches, by its file; undefined where there is none that
 * whoever asks may see. `folder`: its path from the project's root.
 */
export function deployingWorkflow(app: App, caller: SilentCaller, folder: string): string | undefined {
  const wanted = `${folder}/{{device.name}}.cfg`
  return workflowsIn(app.project.dir).find((file) => {
    if (decided(app, caller, 'workflow.list', { workflow: file }).effect !== 'allow') return false
    try {
      const { mode, source } = loadWorkflow(app.project, file).change
      return mode === 'replace' && source.from === 'file' && source.path.replaceAll(/\s+/g, '') === wanted
    } catch (error) {
      if (error instanceof InputError) return false
      throw error
    }
  })
}
