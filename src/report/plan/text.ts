import { isJsonObject, type Json } from '../../model/json.ts'
import { groupChanges } from '../../plan/group.ts'
import type { DiffLine, Plan, ShownPlan } from '../../plan/plan.ts'
import { BEHIND_HEADING, behindIntro, behindLines } from '../behind.ts'
import { changeFileWords } from '../change-file-words.ts'
import { count, duration, MOST_NAMED, short, someOf, switches } from '../count.ts'
import { USUAL_WIDTH, wrapped } from '../fit.ts'
import {
  FOREIGN_HEADING,
  type ForeignGroup,
  foreignGroups,
  KEPT_HEADING,
  keptGroups,
  UNSAVED_HEADING,
  unsavedGroups,
} from '../foreign-lines.ts'
import { noteWords } from '../note-words.ts'
import { rolloutWords } from '../rollout-words.ts'
import type { Style } from '../style.ts'
import { visibleLine } from '../visible.ts'
import { planGroups } from './groups.ts'
import { readWords } from './read-words.ts'
import { rebaseWords } from './rebase-words.ts'

/** How wide a plan is printed, and whether its last lines hold the digest in full: it is short where the line to paste holds it. */
export interface PlanLayout {
  readonly width?: number
  readonly digest?: 'full' | 'short'
}

/**
 * A plan as a person reads it: what it amounts to and the safety terms first, then the warnings, then the changes, those that
 * differ in nothing but values once, and the countable summary with the digest at the end. No line of a change is left out or cut; of more than a thousand
 * switches with the same change the first are named.
 */
export function planText(plan: Plan, style: Style, { width = USUAL_WIDTH, digest = 'full' }: PlanLayout = {}): string {
  const { content } = plan
  const rows = (text: string): string[] => wrapped(text, { width, hang: 2 })
  const [name = '', ...rest] = rows(
    `${visibleLine(content.workflow.name)} · ${switches(content.devices.length)} · ${visibleLine(content.requesters.map(({ id }) => id).join(', '))}${content.offline ? ' · offline' : ''}`,
  )
  const params = paramsLine(plan)
  return [
    [
      style.bold(name),
      ...rest,
      ...(params === undefined ? [] : rows(params)),
      ...commitLines(plan),
      ...changeFileWords(content.changeFile).flatMap((line) => rows(visibleLine(line))),
      ...rebaseWords(content).flatMap((line) => rows(visibleLine(line))),
    ],
    [sizeOf(plan), ...safety(plan).flatMap((line) => rows(line))],
    warningLines(plan).flatMap((line) => rows(line).map((row) => style.warning(row))),
    noteWords(plan.evidence).flatMap((words) => rows(visibleLine(`Note: ${words}`))),
    linesText(FOREIGN_HEADING, foreignGroups(content), style, rows),
    linesText(UNSAVED_HEADING, unsavedGroups(content), style, rows),
    keptLines(plan).flatMap((line) => (line.startsWith(' ') ? [line] : rows(line))),
    behindText(plan).flatMap((line) => wrapped(line, { width, hang: 4 })),
    ...planGroups(plan, style, width),
    digest === 'full'
      ? [planSummary(plan), `Digest: ${visibleLine(plan.digest)}`]
      : [`${planSummary(plan)} · ${short(plan.digest)}`],
  ]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')
}

/** The countable summary of a plan. */
export function planSummary(plan: ShownPlan): string {
  return `Plan: ${sizeOf(plan)}`
}

function sizeOf(plan: ShownPlan): string {
  const groups = groupChanges(plan)
  const changed = plan.content.waves.flat().length
  const sum = (of: 'added' | 'removed'): number =>
    groups.reduce((total, group) => total + group[of] * group.devices.length, 0)
  const rest = plan.content.devices.length - changed
  return `${switches(changed)} to change, ${rest} unchanged · +${sum('added')} -${sum('removed')} lines`
}

/** One line of a structural diff, its sign in the first column. */
export function diffLineText({ sign, text }: DiffLine, style: Style): string {
  const line = `${sign} ${visibleLine(text)}`
  if (sign === '+') return style.added(line)
  return sign === '-' ? style.removed(line) : line
}

/** Where its files come from, where that is not the folder of the project. */
function commitLines({ content: { workflow } }: Plan): string[] {
  return workflow.commit === undefined ? [] : [`${visibleLine(workflow.file)} of commit ${workflow.commit}`]
}

function paramsLine(plan: Plan): string | undefined {
  const given = Object.entries(plan.content.workflow.params)
  if (given.length === 0) return undefined
  return given.map(([name, value]) => visibleLine(`${name}=${paramText(value)}`)).join('  ')
}

/** A table by the number of its rows: what it does is in the diff. */
function paramText(value: Json): string {
  if (typeof value === 'string') return value
  const isTable = Array.isArray(value) && value.length > 0 && value.every(isJsonObject)
  return isTable ? `(${count(value.length, 'row')})` : JSON.stringify(value)
}

/** What a plan warns of, a line each. */
export function warningLines({ content }: Plan): string[] {
  return content.warnings.map(({ device, message }) =>
    visibleLine(`! ${device === undefined ? '' : `${device}: `}${message}`),
  )
}

/** What goes and nobody on record has written, and what was not saved, in a section apart: among all other lines nobody sees it. */
function linesText(
  heading: string,
  groups: readonly ForeignGroup[],
  style: Style,
  rows: (text: string) => readonly string[],
): string[] {
  if (groups.length === 0) return []
  const body = groups.flatMap(({ devices, words, lines = [] }) => [
    ...rows(visibleLine(`${someOf(devices)}: ${words}`)),
    ...lines.map((line) => `  ${diffLineText(line, style)}`),
  ])
  return [`${heading}:`, ...body]
}

function keptLines({ content }: Plan): string[] {
  const groups = keptGroups(content)
  const body = groups.flatMap(({ devices, lines }) => [
    `${visibleLine(someOf(devices))}:`,
    ...lines.map((line) => `  = ${visibleLine(line)}`),
  ])
  return groups.length === 0 ? [] : [`${KEPT_HEADING}:`, ...body]
}

/** What the switches showed behind what changes. Where there is nothing of it, only why. */
function behindText(plan: Plan): string[] {
  const intro = behindIntro(plan)
  if (intro === undefined) return []
  const body = behindLines(plan).flatMap(({ device, lines }) => lines.map((line) => visibleLine(`  ${device} ${line}`)))
  return [`${BEHIND_HEADING}. ${intro}${body.length === 0 ? '.' : ':'}`, ...body]
}

const NO_APPROVAL = 'none: a step `- approve` in front of `- push` would ask for one'

function safety(plan: Plan): string[] {
  const { timers, waves, approve } = plan.content
  if (waves.length === 0) return []
  const order = visibleLine(waves.map((wave) => someOf(wave, ',')).join(' → '))
  const rest = waves.some(({ length }) => length > MOST_NAMED) ? ' (`eosflow show --json` names all)' : ''
  const approval = approve === null ? NO_APPROVAL : `bound to ${short(plan.digest)}, holds ${duration(approve.expires)}`
  return [
    `Commit timer ${duration(timers.confirmWithin)} · verify within ${duration(timers.verifyWithin)}, stable for ${duration(timers.stableFor)}`,
    `Approval ${approval}`,
    `Waves: ${order}${rest}`,
    ...rolloutWords(plan).map(visibleLine),
    ...readWords(plan.content),
  ]
}
