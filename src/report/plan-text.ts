import { groupChanges } from '../plan/group.ts'
import type { DiffLine, Plan } from '../plan/plan.ts'
import { duration, short, switches } from './count.ts'
import { rolloutWords } from './rollout-words.ts'
import type { Style } from './style.ts'
import { visibleLine } from './visible.ts'

/** A plan as a person reads it: identical changes once, warnings, the safety terms, and one countable line at the end. */
export function planText(plan: Plan, style: Style): string {
  const { content } = plan
  const name = style.bold(visibleLine(content.workflow.name))
  const head = `${name} · ${switches(content.devices.length)} · ${visibleLine(content.requesters.map(({ id }) => id).join(', '))}${content.offline ? ' · offline' : ''}`
  return [
    head,
    paramsLine(plan),
    '',
    ...groups(plan, style),
    ...warnings(plan, style),
    ...safety(plan),
    planSummary(plan),
  ]
    .filter((line) => line !== undefined)
    .join('\n')
}

/** The countable last line of a plan. */
export function planSummary(plan: Plan): string {
  const groups = groupChanges(plan)
  const changed = plan.content.waves.flat().length
  const sum = (of: 'added' | 'removed'): number =>
    groups.reduce((total, group) => total + group[of] * group.devices.length, 0)
  const rest = plan.content.devices.length - changed
  return `Plan: ${switches(changed)} to change, ${rest} unchanged · +${sum('added')} -${sum('removed')} lines · ${plan.digest}`
}

/** One line of a structural diff, its sign in the first column. */
export function diffLineText({ sign, text }: DiffLine, style: Style): string {
  const line = `${sign} ${visibleLine(text)}`
  if (sign === '+') return style.added(line)
  return sign === '-' ? style.removed(line) : line
}

function paramsLine(plan: Plan): string | undefined {
  const given = Object.entries(plan.content.workflow.params)
  if (given.length === 0) return undefined
  return given
    .map(([name, value]) => visibleLine(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`))
    .join('  ')
}

function groups(plan: Plan, style: Style): string[] {
  return groupChanges(plan).flatMap(({ devices, diff, added, removed }, index) => {
    const letter = String.fromCharCode(65 + (index % 26))
    const label = `${letter} ─ ${switches(devices.length)}: ${visibleLine(devices.join(' '))}`
    if (diff.length === 0) return [`${label}   (no change)`, '']
    return [style.bold(`${label}   +${added} -${removed}`), ...diff.map((line) => `  ${diffLineText(line, style)}`), '']
  })
}

function warnings(plan: Plan, style: Style): string[] {
  const lines = plan.content.warnings.map(({ device, message }) =>
    style.warning(visibleLine(`! ${device === undefined ? '' : `${device}: `}${message}`)),
  )
  return lines.length === 0 ? [] : [...lines, '']
}

function safety(plan: Plan): string[] {
  const { timers, waves, approve } = plan.content
  if (waves.length === 0) return []
  const order = visibleLine(waves.map((wave) => wave.join(',')).join(' → '))
  const approval = approve === null ? 'none' : `bound to ${short(plan.digest)}, holds ${duration(approve.expires)}`
  return [
    `Commit timer ${duration(timers.confirmWithin)} · verify within ${duration(timers.verifyWithin)}, stable for ${duration(timers.stableFor)} · approval ${approval}`,
    `Waves: ${order}`,
    ...rolloutWords(plan).map(visibleLine),
  ]
}
