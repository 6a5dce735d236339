import { knownChecks } from '../../check/known-checks.ts'
import { type FormLine, formsIn } from '../../config/syntax/forms-in.ts'
import { seenFabric } from '../../inventory/seen-device.ts'
import { selectDevices } from '../../inventory/selector.ts'
import { judgedChange } from '../../plan/judged-change.ts'
import { renderedChange } from '../../plan/rendered.ts'
import { sightIn } from '../../plan/sight.ts'
import { builtinTasks } from '../../task/builtin/index.ts'
import { compileWorkflow } from '../../workflow/compile.ts'
import type { Project } from '../project/project.ts'
import { workflowsIn } from '../validate/files-of-project.ts'

/**
 * A line for each form that the workflows of a project render with their defaults and examples, for whatever switches. A change that a guard refuses, or that only a
 * switch could settle, gives none.
 */
export function renderedForms(project: Project): readonly FormLine[] {
  const { files, policyPresent } = project
  const inventory = project.inventory()
  const sightOf = sightIn(inventory, seenFabric(inventory))
  const lines = workflowsIn(project.dir).flatMap((path) => {
    const compiled = compileWorkflow(files(path) ?? '', path, {
      files,
      checks: knownChecks,
      tasks: builtinTasks,
      policyPresent,
      judges: project.settings.judges,
    })
    if (!compiled.ok) return []
    const { targets, change, allow } = compiled.value
    const selected = selectDevices(targets.expression, inventory, targets.at)
    if (!selected.ok) return []
    const { rendered } = judgedChange(compiled.value, {}, selected.value.map(sightOf), files)
    return rendered.flatMap(({ lines }) => {
      const sent = renderedChange({ mode: change.mode, lines, file: path }, allow)
      return sent.ok && sent.value.unsettled === undefined ? formsIn(sent.value.lines, change.mode) : []
    })
  })
  return [...new Map(lines.map((one) => [one.form, one])).values()]
}
