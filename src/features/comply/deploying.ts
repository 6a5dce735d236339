import { decided } from '../../project/access/policy/authority.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { workflowsIn } from '../../project/files/files-of-project.ts'
import { loadWorkflow } from '../../project/files/load-workflow.ts'
import type { SilentCaller } from '../../project/identity/caller.ts'
import { InputError } from '../../project/system/process/input-error.ts'

/**
 * The workflow of the project that makes the whole configurations of a folder those of the switches, by its file; undefined where there is none that
 * whoever asks may see. `folder`: its path from the project's root.
 */
export function deployingWorkflow(app: RecordApp, caller: SilentCaller, folder: string): string | undefined {
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
