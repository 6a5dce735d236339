import type { DiffLine, Plan, ShownPlan } from '../../change/plan/plan.ts'
import { DEFAULT_STABLE_FOR } from '../../change/workflow/safety/duration.ts'
import { definedItems, isJsonObject, type Json } from '../../model/json.ts'
import {
  BEHIND_HEADING,
  behindIntro,
  behindLines,
  FOREIGN_HEADING,
  type ForeignGroup,
  foreignGroups,
  KEPT_HEADING,
  keptGroups,
  UNSAVED_HEADING,
  unsavedGroups,
} from '../phrases/behind.ts'
import { changeFileWords } from '../phrases/spoken.ts'
import {
  count,
  duration,
  MOST_NAMED,
  type Style,
  short,
  someOf,
  switches,
  USUAL_WIDTH,
  visibleLine,
  wrapped,
} from '../text/text.ts'
import { groupChanges, planGroups } from './group-lines.ts'
import { planMarkdown } from './markdown.ts'
import { hiddenParams, planStatements, planSummary, quietWords, rebaseWords } from './plan-statements.ts'
import type { PlanDocument } from './result-schema.ts'

interface PlanLayout {
  readonly width?: number
  readonly digest?: 'full' | 'short'
  readonly details?: boolean
}

/** A plan as a person reads it: its title with the time that it takes, then the risks, then the changes, those that differ in nothing but values once, and the countable summary with the digest at the end. */
export function planText(
  plan: Plan,
  style: Style,
  { width = USUAL_WIDTH, digest = 'full', details = false }: PlanLayout = {},
): string {
  const { content } = plan
  const rows = (text: string, hang = 2) => wrapped(text, { width, hang })
  const { risks, facts } = planStatements(plan)
  const factLines = [...facts.map(({ words }) => visibleLine(words)), ...keptLines(plan), ...behindText(plan)]
  const hidden = details || factLines.length === 0 ? [] : [`Not shown: ${count(factLines.length, 'fact')} (--details)`]
  return [
    titleLines(plan, style, rows),
    risks.flatMap(({ words }) => rows(visibleLine(`! ${words}`)).map((row) => style.warning(row))),
    linesText(FOREIGN_RISK, foreignGroups(content), style, rows),
    linesText(UNSAVED_RISK, unsavedGroups(content), style, rows),
    ...planGroups(plan, style, width),
    details
      ? factLines.flatMap((line) => (line.startsWith(KEPT) ? [line] : rows(line, line.startsWith(' ') ? 4 : 2)))
      : [],
    [
      ...hidden,
      ...(digest === 'full'
        ? [planSummary(plan), `Digest: ${visibleLine(plan.digest)}`]
        : [`${planSummary(plan)} · ${short(plan.digest)}`]),
    ],
  ]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')
}

const FOREIGN_RISK = `RISK (foreign-removals): ${FOREIGN_HEADING}`
const UNSAVED_RISK = UNSAVED_HEADING

function titleLines(plan: Plan, style: Style, rows: (text: string) => readonly string[]) {
  const { content } = plan
  const who = content.requesters.map(({ id }) => id).join(', ')
  const [name = '', ...rest] = rows(
    `${visibleLine(content.workflow.name)} · ${switches(content.devices.length)} · ${visibleLine(who)}${content.offline ? ' · offline' : ''}`,
  )
  const lines = [paramsLine(plan), commitLine(plan), ...changeFileWords(content.changeFile)]
  const shown = [...lines, ...rebaseWords(content), expectedWords(plan), waveWords(content)]
  return [style.bold(name), ...rest, ...shown.flatMap((line) => (line === undefined ? [] : rows(visibleLine(line))))]
}

export function diffLineText({ sign, text }: DiffLine, style: Style): string {
  const line = `${sign} ${visibleLine(text)}`
  if (sign === '+') return style.added(line)
  return sign === '-' ? style.removed(line) : line
}

function commitLine({ content: { workflow } }: Plan) {
  return workflow.commit === undefined ? undefined : `${visibleLine(workflow.file)} of commit ${workflow.commit}`
}

function paramsLine(plan: Plan) {
  const given = Object.entries(plan.content.workflow.params)
  if (given.length === 0) return undefined
  const hidden = hiddenParams(plan.content)
  return given
    .map(([name, value]) => visibleLine(`${name}=${hidden.has(name) ? '<redacted>' : paramText(value)}`))
    .join('  ')
}

function paramText(value: Json) {
  if (typeof value === 'string') return value
  const isTable = Array.isArray(value) && value.length > 0 && value.every(isJsonObject)
  return isTable ? `(${count(value.length, 'row')})` : JSON.stringify(value)
}

export function warningLines({ content }: Plan): string[] {
  return content.warnings.map(({ device, message }) =>
    visibleLine(`! ${device === undefined ? '' : `${device}: `}${message}`),
  )
}

function linesText(
  heading: string,
  groups: readonly ForeignGroup[],
  style: Style,
  rows: (text: string) => readonly string[],
) {
  if (groups.length === 0) return []
  const body = groups.flatMap(({ devices, words, lines = [] }) => [
    ...rows(visibleLine(`${someOf(devices)}: ${words}`)),
    ...lines.map((line) => `  ${diffLineText(line, style)}`),
  ])
  return [...rows(`! ${heading}:`).map((row) => style.warning(row)), ...body]
}

const KEPT = '  = '

function keptLines({ content }: Plan) {
  const groups = keptGroups(content)
  const body = groups.flatMap(({ devices, lines }) => [
    `${visibleLine(someOf(devices))}:`,
    ...lines.map((line) => `${KEPT}${visibleLine(line)}`),
  ])
  return groups.length === 0 ? [] : [`${KEPT_HEADING}:`, ...body]
}

function behindText(plan: Plan) {
  const intro = behindIntro(plan)
  if (intro === undefined) return []
  const body = behindLines(plan).flatMap(({ device, lines }) => lines.map((line) => visibleLine(`  ${device} ${line}`)))
  return [`${BEHIND_HEADING}. ${intro}${body.length === 0 ? '.' : ':'}`, ...body]
}

// Says in one line how long a change takes and why: `Takes about 15s: 1 wave, verify holds 10s, because only descriptions change`.
function expectedWords({ content, evidence: { expected, soak } }: ShownPlan) {
  const { waves, timers, canary } = content
  if (waves.length === 0) return undefined
  const parts = definedItems(
    wavesWords(expected?.waves ?? waves.map(() => 0)),
    timers.verifyWithin === 0 ? 'nothing is verified' : `verify holds ${duration(timers.stableFor)}`,
    ...(canary === undefined || canary.soak === timers.stableFor
      ? []
      : [`${duration(canary.soak)} on ${count(canary.switches.length, 'canary', 'canaries')}`]),
    expected?.waits !== undefined && `${duration(expected.waits)} of waiting`,
    expected?.quiet === true && `because ${quietWords(content)}`,
    soak !== undefined &&
      timers.stableFor > DEFAULT_STABLE_FOR &&
      `because the ${soak.protocol} of ${soak.device} is ${duration(soak.seconds)}`,
  ).join(', ')
  if (expected === undefined) return parts
  return `Takes about ${duration(roundedUp(expected.seconds))}: ${parts}`
}

function wavesWords(seconds: readonly number[]) {
  const [first = 0, ...rest] = seconds
  const each = rest.length > 0 && first > 0 && rest.every((one) => one === first) ? ` of ${duration(first)}` : ''
  return `${count(seconds.length, 'wave')}${each}`
}

// Nobody can say it to the second.
function roundedUp(seconds: number) {
  const step = seconds < 60 ? 5 : seconds < 600 ? 10 : 60
  return Math.ceil(seconds / step) * step
}

function waveWords({ waves, devices }: ShownPlan['content']) {
  if (waves.length === 0) return undefined
  const diffs = new Map(devices.map(({ name, diff }) => [name, diff]))
  const shown = waves.map((wave) => {
    const lines = wave.flatMap((name) => diffs.get(name) ?? [])
    const signed = (of: '+' | '-') => lines.filter(({ sign }) => sign === of).length
    return `${someOf(wave, ',')} +${signed('+')} -${signed('-')}`
  })
  const rest = waves.some(({ length }) => length > MOST_NAMED) ? ' (`eosflow show --json` names all)' : ''
  return `Waves: ${shown.join(' → ')}${rest}`
}

export const planAs = { text: planText, json: planJson, markdown: planMarkdown } as const

function planJson(plan: Plan) {
  const groups = groupChanges(plan).map(({ devices, added, removed }) => ({ devices, added, removed }))
  const changed = plan.content.waves.flat().length
  const summary = { changed, unchanged: plan.content.devices.length - changed }
  const document: Omit<PlanDocument, 'plan'> = { version: 1, kind: 'plan', digest: plan.digest, summary, groups }
  return JSON.stringify({ ...document, plan })
}
