import type { DiffLine, Plan } from '../../src/plan/plan.ts'

/**
 * The changed commands of a one-switch plan as rows `+block > command` and `-block > command`, in the plan's order. A
 * command that only moves to another block of the same name is no change of its block's commands.
 */
export function plannedChange(plan: Plan): string[] {
  const [device, ...others] = plan.content.devices
  if (device === undefined || others.length > 0) throw new RangeError(`${plan.content.devices.length} switches`)
  const rows = changedRows(device.diff)
  const shown = new Set(rows)
  return rows.filter((row) => !shown.has(`${row.startsWith('+') ? '-' : '+'}${row.slice(1)}`))
}

function changedRows(diff: readonly DiffLine[]): string[] {
  const open: { indent: number; line: string }[] = []
  return diff.flatMap(({ sign, text }) => {
    const line = text.trim()
    const indent = text.length - line.length
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop()
    open.push({ indent, line })
    return sign === ' ' ? [] : [`${sign}${open.map((block) => block.line).join(' > ')}`]
  })
}
