import type { Plan } from '../../change/plan/plan.ts'
import type { Json } from '../../model/json.ts'

/** The parameters whose value may be a secret: the plan hides some word of its lines, and no line shows the value. */
export function hiddenParams({
  devices,
  workflow,
}: Pick<Plan['content'], 'devices' | 'workflow'>): ReadonlySet<string> {
  const given = Object.entries(workflow.params)
  if (given.length === 0) return new Set()
  const lines = new Set(devices.flatMap(({ lines: own }) => own))
  if (![...lines].some((line) => line.includes('<redacted'))) return new Set()
  const shown = [...lines].join('\n')
  return new Set(given.flatMap(([name, value]) => (textsIn(value).every((text) => shown.includes(text)) ? [] : [name])))
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
