import { valueFrom } from '../../../../text/jinja/object/from-variables.ts'
import { render } from '../../../../text/jinja/render.ts'
import { NotTakenError } from './jinja-text.ts'

/** Whether a condition only asks for the system of the switch, and holds for all switches. Throws {@link NotTakenError} for that of another. */
export function isAboutSystem(condition: string, systems: readonly string[]): boolean {
  if (!/\bansible_network_os\b/.test(condition)) return false
  const holds = systems.map((system) => {
    const rendered = render(
      { file: '', text: `{{ (${plainCondition(condition)}) | bool }}` },
      { variables: [['ansible_network_os', valueFrom(system)]] },
    )
    return rendered.ok ? rendered.text : undefined
  })
  if (holds.every((held) => held === 'True')) return true
  if (holds.some((held) => held !== 'False'))
    throw new NotTakenError(`its condition is known only in a run: ${condition}`)
  throw new NotTakenError('it is for switches of another system')
}

/** A condition without the braces that some write around it. */
export function plainCondition(condition: string): string {
  return condition.trim().replace(/^\{\{([\s\S]*)\}\}$/, '$1')
}
