import { seenFabric } from '../../change/inventory/seen-device.ts'
import { selectDevices } from '../../change/inventory/selector.ts'
import { judgedChange } from '../../change/plan/judged-change.ts'
import { renderedChange } from '../../change/plan/rendered.ts'
import { sightIn } from '../../change/plan/sight.ts'
import { builtinTasks } from '../../change/task/builtin/index.ts'
import { compileWorkflow } from '../../change/workflow/compile.ts'
import { knownChecks } from '../../eos/check/builtin/known-checks.ts'
import { type FormLine, formsIn } from '../../eos/config/guard/forms-in.ts'
import { workflowsIn } from '../files/files-of-project.ts'
import type { Project } from '../files/project.ts'

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
