import type { Inventory } from '../../../change/inventory/inventory.ts'
import { selectDevices } from '../../../change/inventory/selector.ts'
import type { Problem } from '../../../model/error.ts'
import { placeOf, problemsOf } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import type { Project } from '../../files/project.ts'
import { parseSettings } from '../../files/settings/settings.ts'
import { InputError } from '../../system/process/input-error.ts'
import { askedWorkflowProblems } from './asked-workflows.ts'

export function problemsInProject(content: string | Uint8Array, file: string, project: Project): readonly Problem[] {
  return [...askedWorkflowProblems(content, file, project), ...countedSwitchProblems(content, file, project)]
}

function countedSwitchProblems(content: string | Uint8Array, file: string, project: Project) {
  const [settings, located] = [parseSettings(content, file, project.features), readYaml(content, file)]
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

export function inventoryOf(project: Project): Inventory | undefined {
  try {
    return project.inventory()
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}
