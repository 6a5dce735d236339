import { selectDevices } from '../../../change/inventory/selector.ts'
import type { Problem } from '../../../model/problem.ts'
import { problemsOf } from '../../../text/source/checked.ts'
import { placeOf } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import type { Project } from '../../files/project.ts'
import { parseSettings } from '../../files/settings/settings.ts'
import { InputError } from '../../system/process/input-error.ts'
import { askedWorkflowProblems } from './asked-workflows.ts'

/** What of the settings does not fit the files of the project: the workflows that they ask for, and the switches that they count. */
export function problemsInProject(content: string | Uint8Array, file: string, project: Project): readonly Problem[] {
  return [...askedWorkflowProblems(content, file, project), ...countedSwitchProblems(content, file, project)]
}

/** Budgets of switches under change that count no switch of the inventory, or by a tag that none has: nothing would be kept to. */
function countedSwitchProblems(content: string | Uint8Array, file: string, project: Project): readonly Problem[] {
  const [settings, located] = [parseSettings(content, file), readYaml(content, file)]
  if (!settings.ok || !located.ok || settings.value.maxUnderChange.length === 0) return []
  const inventory = inventoryOf(project)
  if (inventory === undefined) return []
  const tags = [...new Set(inventory.devices.flatMap((device) => Object.keys(device.tags)))]
  return settings.value.maxUnderChange.flatMap(({ on, per }, index) => {
    const at = (key: string) => placeOf(located.value, ['maxUnderChange', index, key])
    const unknown: readonly Problem[] =
      per === undefined || tags.includes(per)
        ? []
        : [
            {
              code: 'unknown-tag',
              message: `no switch of ${inventory.file} has a tag \`${per}\`: all would be counted as one`,
              at: at('per'),
              hint: didYouMean(per, tags),
            },
          ]
    return [...problemsOf(selectDevices(on, inventory, at('on'))), ...unknown]
  })
}

/** Undefined where it is not good: its own file has the problems. */
function inventoryOf(project: Project): ReturnType<Project['inventory']> | undefined {
  try {
    return project.inventory()
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}
