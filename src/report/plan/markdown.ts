import type { PlanWarning, ShownPlan } from '../../change/plan/plan.ts'
import { definedItems } from '../../model/json.ts'
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
import { count, duration, fencedLine, markdownText, plain, switches } from '../text/text.ts'
import {
  changedLines,
  groupBySkeleton,
  linesOn,
  type SkeletonGroup,
  type ValueTable,
  valueTables,
} from './group-lines.ts'
import { ofNotes, ofRollout, planSummary, rebaseWords } from './plan-statements.ts'

/** A plan for a pull request: what it amounts to first, then the risks, then the changes as diff blocks, those that differ in nothing but values once. */
export function planMarkdown(plan: ShownPlan): string {
  return new Draft(plan, 'each').text()
}

type PlanMarkdownParts = ReturnType<typeof planMarkdownParts>

// The parts of {@link planMarkdown}, in the order in which it has them.
function planMarkdownParts(plan: ShownPlan) {
  const { content } = plan
  const warnings = content.warnings.map(
    ({ device, message }) => `- ⚠ ${device === undefined ? '' : `${markdownText(device)}: `}${markdownText(message)}`,
  )
  const { waves, timers } = content
  const [rollout, notes] = [ofRollout(plan), ofNotes(plan)]
  const risks = [...rollout.risks, ...notes.risks].map(({ words }) => `- ⚠ ${markdownText(words)}`)
  return {
    head: planHead(plan, markdownText(content.workflow.name), changeFileWords(content.changeFile).map(markdownText)),
    rebased: rebaseWords(content).flatMap((words) => [`${markdownText(words)}.`, '']),
    foreign: [
      ...linesMarkdown(FOREIGN_HEADING, foreignGroups(content)),
      ...linesMarkdown(UNSAVED_HEADING, unsavedGroups(content)),
    ],
    kept: keptMarkdown(content),
    behind: behindMarkdown(plan),
    groups: groupBySkeleton(plan).map((group) => ({
      devices: group.devices,
      added: group.added,
      removed: group.removed,
      isChange: group.lines.length > 0,
      lines: groupMarkdown(group),
    })),
    warnings: warnings.length === 0 ? [] : [...warnings, ''],
    risks: risks.length === 0 ? [] : [...risks, ''],
    notes: notes.facts.flatMap(({ words }) => [`${markdownText(`Note: ${words}`)}`, '']),
    waves:
      waves.length === 0
        ? []
        : [
            `Commit timer ${duration(timers.confirmWithin)}, waves ${markdownText(waves.map((wave) => wave.join(', ')).join(' → '))}.`,
          ],
    terms: waves.length === 0 ? [] : [...rollout.facts.map(({ words }) => `${markdownText(words)}.`), ''],
  }
}

// `title` and `asked` are Markdown.
function planHead(plan: ShownPlan, title: string, asked: readonly string[]): readonly string[] {
  const { commit } = plan.content.workflow
  return [
    `### eosflow plan: ${title}`,
    '',
    `${planSummary(plan)} · ${plan.digest}`,
    '',
    ...(commit === undefined ? [] : [`Its files are of commit ${commit}.`, '']),
    ...asked.flatMap((words) => [`${words}.`, '']),
  ]
}

function groupMarkdown(group: SkeletonGroup) {
  const { devices, lines, added, removed } = group
  const title = markdownText(`${switches(devices.length)}: ${devices.join(', ')}`)
  if (lines.length === 0) return [`**No change** on ${title}`, '']
  return [
    `<details open><summary>${title} (+${added} -${removed})</summary>`,
    '',
    '```diff',
    ...changedLines(lines, plain).map(fencedLine),
    '```',
    '',
    ...valueTables(group, Number.POSITIVE_INFINITY).flatMap(markdownTable),
    '</details>',
    '',
  ]
}

function linesMarkdown(heading: string, groups: readonly ForeignGroup[]) {
  if (groups.length === 0) return []
  const body = groups.flatMap(({ devices, words, lines }) => [
    `${markdownText(`${devices.join(', ')}: ${words}`)}.`,
    '',
    ...(lines === undefined
      ? []
      : ['```diff', ...lines.map(({ sign, text }) => fencedLine(`${sign} ${text}`)), '```', '']),
  ])
  return [`#### ⚠ ${heading}`, '', ...body]
}

function keptMarkdown(content: ShownPlan['content']) {
  const groups = keptGroups(content)
  if (groups.length === 0) return []
  const body = groups.flatMap(({ devices, lines }) => [
    `${markdownText(devices.join(', '))}:`,
    '',
    '```',
    ...lines.map(fencedLine),
    '```',
    '',
  ])
  return [`#### ${KEPT_HEADING}`, '', ...body]
}

function behindMarkdown(plan: ShownPlan) {
  const intro = behindIntro(plan)
  if (intro === undefined) return []
  const body = behindLines(plan).flatMap(({ device, lines }) =>
    lines.map((line) => `- ${markdownText(device)} ${markdownText(line)}`),
  )
  if (body.length === 0) return [`${BEHIND_HEADING}: ${markdownText(intro)}.`, '']
  return [
    `<details><summary>${BEHIND_HEADING}</summary>`,
    '',
    `${markdownText(intro)}.`,
    '',
    ...body,
    '',
    '</details>',
    '',
  ]
}

function markdownTable({ marks, rows }: ValueTable) {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    row([...marks, 'switches']),
    row([...marks, ''].map(() => '---')),
    ...rows.map(({ values, devices }) => row([...values, devices.join(' ')].map(markdownText))),
    '',
  ]
}

/** The least number of bytes that a report can be asked to fit into. */
export const SMALLEST_MARKDOWN = 8_192

/** So many bytes does any plan fit into: then it is its digest, and counts of everything else. */
export const SMALLEST_PLAN = 4_096

export interface MarkdownRoom {
  /** Bytes of UTF-8, at least {@link SMALLEST_PLAN}; the line break at the end is one of them. */
  readonly bytes: number
  readonly full: string
}

/** A plan for a pull request in at most so many bytes. Equal warnings are said once with a count. */
export function planMarkdownWithin(plan: ShownPlan, { bytes, full }: MarkdownRoom): string {
  const draft = new Draft(plan, 'names', full)
  for (const reduce of REDUCTIONS) {
    if (draft.bytes() <= bytes) break
    reduce(draft, bytes)
  }
  draft.unfoldSmallest(bytes)
  return draft.text()
}

type Reduction = (draft: Draft, bytes: number) => void

const REDUCTIONS: readonly Reduction[] = [
  (draft) => draft.leaveOut('behind'),
  (draft) => draft.leaveOut('notes'),
  (draft) => draft.leaveOut('kept'),
  (draft) => draft.foldUnchanged(),
  (draft, bytes) => draft.foldLargest(bytes),
  (draft) => draft.foldToSum(),
  (draft) => draft.leaveOut('terms'),
  (draft) => draft.foldForeign(),
  (draft) => draft.leaveOut('rebased'),
  (draft) => draft.leaveOut('risks'),
  (draft) => draft.countWarned(),
  (draft) => draft.countWaves(),
  (draft) => draft.countKinds(),
]

type Optional = 'behind' | 'notes' | 'kept' | 'terms' | 'rebased' | 'risks'

const LEFT_OUT: Readonly<Record<Optional, string>> = {
  behind: 'what is behind the change',
  notes: 'notes',
  kept: 'lines that are kept',
  terms: 'the terms of the rollout',
  rebased: 'which plan it was made again of',
  risks: 'risks of the rollout',
}

class Draft {
  readonly #plan: ShownPlan
  readonly #parts: PlanMarkdownParts
  readonly #full: string
  readonly #left = new Set<Optional>()
  readonly #folded = new Set<number>()
  #isUnchangedFolded = false
  #isSum = false
  #isForeignFolded = false
  #warned: 'each' | 'names' | 'counts' | 'kinds'
  #areWavesCounted = false

  constructor(plan: ShownPlan, warned: 'each' | 'names', full = '') {
    this.#plan = plan
    this.#parts = planMarkdownParts(plan)
    this.#warned = warned
    this.#full = full
  }

  leaveOut(part: Optional): void {
    if (this.#parts[part].length > 0) this.#left.add(part)
  }

  foldUnchanged(): void {
    this.#isUnchangedFolded = this.#parts.groups.some(({ isChange }) => !isChange)
  }

  foldLargest(bytes: number): void {
    let size = this.bytes()
    for (const { index, size: own } of this.#bySize().toReversed()) {
      if (size <= bytes && this.bytes() <= bytes) return
      this.#folded.add(index)
      size += bytesOf(this.#foldedLine(index)) - own
    }
  }

  foldToSum(): void {
    this.#isSum = true
    for (const { index } of this.#bySize()) this.#folded.add(index)
  }

  unfoldSmallest(bytes: number): void {
    if (!this.#isSum) return
    let room = bytes - this.bytes() - SUM_MARGIN
    for (const { index, size } of this.#bySize()) {
      room -= size
      if (room < 0) return
      this.#folded.delete(index)
    }
  }

  foldForeign(): void {
    this.#isForeignFolded = this.#parts.foreign.length > 0
  }

  countWarned(): void {
    this.#warned = 'counts'
  }

  countKinds(): void {
    this.#warned = 'kinds'
  }

  countWaves(): void {
    this.#areWavesCounted = true
  }

  text(): string {
    return this.#lines().join('\n')
  }

  bytes(): number {
    return bytesOf(this.#lines())
  }

  #bySize(): readonly { readonly index: number; readonly size: number }[] {
    return this.#parts.groups
      .map(({ isChange, lines }, index) => ({ index, isChange, size: bytesOf(lines) }))
      .filter(({ isChange }) => isChange)
      .toSorted((a, b) => a.size - b.size)
  }

  #lines(): readonly string[] {
    const { head, foreign, waves } = this.#parts
    const { content } = this.#plan
    return [
      ...(this.#warned === 'kinds'
        ? planHead(this.#plan, shortMarkdown(content.workflow.name, 200), [
            ...changeFileWords(content.changeFile).map((words) => shortMarkdown(words, 200)),
          ])
        : head),
      ...this.#optional('rebased'),
      ...this.#warnings(),
      ...this.#optional('risks'),
      ...(this.#isForeignFolded ? this.#foreignCount() : foreign),
      ...this.#optional('kept'),
      ...this.#optional('behind'),
      ...this.#groups(),
      ...this.#optional('notes'),
      ...(this.#areWavesCounted ? this.#waveCounts() : waves),
      ...this.#optional('terms'),
      ...this.#ending(),
    ]
  }

  #optional(part: Optional): readonly string[] {
    return this.#left.has(part) ? [] : this.#parts[part]
  }

  #groups(): readonly string[] {
    const shown = this.#parts.groups.flatMap(({ isChange, devices, lines }, index) => {
      if (!isChange) return this.#isUnchangedFolded ? [`**No change** on ${switches(devices.length)}`, ''] : lines
      if (!this.#folded.has(index)) return lines
      return this.#isSum ? [] : this.#foldedLine(index)
    })
    return this.#isSum ? [...shown, ...this.#sumOfFolded()] : shown
  }

  #foldedLine(index: number): readonly string[] {
    const { devices = [], added = 0, removed = 0 } = this.#parts.groups[index] ?? {}
    return [`**${switches(devices.length)}** (+${added} -${removed}), not shown here`, '']
  }

  #sumOfFolded(): readonly string[] {
    const folded = this.#parts.groups.filter((_, index) => this.#folded.has(index))
    if (folded.length === 0) return []
    const changed = folded.reduce((all, { devices }) => all + devices.length, 0)
    const whose = `${count(folded.length, 'group')} of changes on ${switches(changed)}`
    return [`**${whose}** (+${linesOn(folded, 'added')} -${linesOn(folded, 'removed')}), not shown here`, '']
  }

  #foreignCount(): readonly string[] {
    const counted = (heading: string, of: 'foreign' | 'unsaved') => {
      const found = this.#plan.content.devices.flatMap(({ [of]: one }) => one ?? [])
      const lines = found.reduce((sum, one) => sum + one.count, 0)
      return lines === 0 ? [] : [`#### ⚠ ${heading}`, '', `${count(lines, 'line')} on ${switches(found.length)}.`, '']
    }
    return [...counted(FOREIGN_HEADING, 'foreign'), ...counted(UNSAVED_HEADING, 'unsaved')]
  }

  #warnings(): readonly string[] {
    const { warnings } = this.#plan.content
    if (warnings.length === 0) return []
    if (this.#warned === 'each') return this.#parts.warnings
    if (this.#warned === 'kinds') return kindsOf(warnings)
    const lines = equalWarnings(warnings).map(({ message, devices, times }) => {
      const names = this.#warned === 'names' ? devices.map(markdownText).join(', ') : ''
      const many = times === 1 ? '' : ` (${devices.length === times ? switches(times) : `${times} times`})`
      return `- ⚠ ${names === '' ? '' : `${names}: `}${markdownText(message)}${many}`
    })
    return [...lines, '']
  }

  #waveCounts(): readonly string[] {
    const { waves, timers } = this.#plan.content
    if (waves.length === 0) return []
    const sizes = waves.map(({ length }) => length)
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
    const each = least === most ? `${switches(most)} each` : `${least} to ${switches(most)} each`
    return [`Commit timer ${duration(timers.confirmWithin)}, ${count(waves.length, 'wave')} of ${each}.`]
  }

  #ending(): readonly string[] {
    const changes = this.#parts.groups.filter(({ isChange }) => isChange).length
    const lacks = definedItems(
      ...[...this.#left].map((part) => LEFT_OUT[part]),
      this.#isUnchangedFolded && 'the names of those that do not change',
      this.#isForeignFolded && 'the lines that nobody declared',
      ...(this.#warned === 'each' || this.#warned === 'names' ? [] : ['what each warning is about']),
      this.#areWavesCounted && 'who is in which wave',
    )
    if (lacks.length === 0 && this.#folded.size === 0) return []
    const also = lacks.length === 0 ? '' : `; left out: ${lacks.join(', ')}`
    return definedItems(
      (this.#left.has('terms') || this.#parts.terms.length === 0) && '',
      `${changes - this.#folded.size} of ${count(changes, 'group')} shown${also}; full plan: ${shortMarkdown(this.#full, 300)}`,
    )
  }
}

// The bytes of the line that sums up what is folded may grow by its numbers.
const SUM_MARGIN = 100

const MOST_KINDS = 30

function kindsOf(warnings: readonly PlanWarning[]) {
  const kinds = new Map<string, number>()
  for (const { code } of warnings) kinds.set(code, (kinds.get(code) ?? 0) + 1)
  const [shown, more] = [[...kinds].slice(0, MOST_KINDS), kinds.size - MOST_KINDS]
  return definedItems(
    `${count(warnings.length, 'warning')}, too long to be shown here, by kind:`,
    '',
    ...shown.map(([code, times]) => `- ⚠ ${shortMarkdown(code, 60)}: ${times}`),
    more > 0 && `- ⚠ ${count(more, 'more kind')}`,
    '',
  )
}

function equalWarnings(warnings: readonly PlanWarning[]) {
  const found = new Map<string, { message: string; devices: string[]; times: number }>()
  for (const { device, message } of warnings) {
    const one = found.get(message) ?? { message, devices: [], times: 0 }
    one.times += 1
    if (device !== undefined) one.devices.push(device)
    found.set(message, one)
  }
  return [...found.values()]
}

/** Text in Markdown of at most so many bytes; what does not fit is cut off, which `…` says. */
export function shortMarkdown(text: string, most: number): string {
  let short = ''
  for (const character of text) {
    // What a character is in Markdown depends on those before it.
    if (Buffer.byteLength(markdownText(short + character)) > most - 3) return `${markdownText(short)}…`
    short += character
  }
  return markdownText(short)
}

/** The bytes of lines, each with the line break behind it. */
export function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
}
