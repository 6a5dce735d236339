import { lineDiff } from '../../eos/config/diff/line-diff.ts'
import { failureLine } from '../sessions/text.ts'
import { count, switches } from '../text/count.ts'
import type { Style } from '../text/style.ts'
import { tableLines } from '../text/table-lines.ts'
import { visible, visibleLine } from '../text/visible.ts'
import { type AskedSwitch, namesInRuns } from './answers.ts'
import { type AnswerGroup, asItIs, type ComparedLines, groupAnswers } from './groups.ts'
import { valueText, wantedCells } from './wanted.ts'

export interface AnswersLayout {
  readonly by: 'answer' | 'switch'
  readonly diff: boolean
  readonly compared: ComparedLines
}

type Heard = Extract<AskedSwitch, { answers: unknown }>

interface Shown {
  readonly name: string
  readonly text: string
}

/** Answers for a terminal: command by command, equal ones once under the names of their switches, and who did not answer. */
export function answersText(asked: readonly AskedSwitch[], layout: AnswersLayout, style: Style): string {
  const heard = asked.filter((one) => 'answers' in one)
  const sections = sectionsOf(heard).flatMap(({ head, shown, refused }) => [
    ...(head === undefined ? [] : [style.bold(visibleLine(head)), '']),
    ...blocksOf(shown, layout, style),
    ...refusals(refused, style),
  ])
  return [...sections, ...unheard(asked, style), summary(asked)].join('\n')
}

export function answersTable(asked: readonly AskedSwitch[], columns: readonly string[], style: Style): string {
  const rows = [['switch', ...columns], ...wantedCells(asked, '-')].map((row) => row.map(visibleLine))
  const refused = asked.flatMap((one) => ('answers' in one ? refusedBy(one) : []))
  return [...tableLines(rows, style), '', ...refusals(refused, style), ...unheard(asked, style), summary(asked)].join(
    '\n',
  )
}

function sectionsOf(heard: readonly Heard[]): readonly {
  readonly head: string | undefined
  readonly shown: readonly Shown[]
  readonly refused: readonly Shown[]
}[] {
  if (heard.some(({ wanted }) => wanted !== undefined)) {
    const shown = heard.flatMap(({ name, wanted }) =>
      wanted === undefined ? [] : [{ name, text: wanted.map((result) => valueText(result)).join('\n') }],
    )
    return [{ head: undefined, shown, refused: heard.flatMap(refusedBy) }]
  }
  const commands = heard[0]?.answers.map(({ command }) => command) ?? []
  return commands.map((command, index) => {
    const of = heard.flatMap(({ name, answers }) => {
      const answer = answers[index]
      return answer === undefined ? [] : [{ name, answer }]
    })
    return {
      head: commands.length === 1 ? undefined : command,
      shown: of.flatMap(({ name, answer }) => {
        if ('refused' in answer) return []
        return [{ name, text: 'text' in answer ? answer.text : JSON.stringify(answer.model, undefined, 2) }]
      }),
      refused: of.flatMap(({ name, answer }) =>
        'refused' in answer ? [{ name, text: `\`${command}\`: ${answer.refused}` }] : [],
      ),
    }
  })
}

function refusedBy({ name, answers }: Heard): readonly Shown[] {
  return answers.flatMap((answer) =>
    'refused' in answer ? [{ name, text: `\`${answer.command}\`: ${answer.refused}` }] : [],
  )
}

function blocksOf(shown: readonly Shown[], { by, diff, compared }: AnswersLayout, style: Style) {
  if (by === 'switch') return shown.flatMap(({ name, text }) => block({ names: [name], shown: text }, style))
  const groups = groupAnswers(shown, compared)
  const [most, ...others] = groups
  if (!diff || most === undefined) return groups.flatMap((group) => block(group, style))
  return [
    ...block(most, style),
    ...others.flatMap((group) => [head(group, style), ...differences(most, group, style), '']),
  ]
}

function block(group: AnswerGroup, style: Style) {
  const lines = visible(group.shown).replace(/\n+$/, '').split('\n')
  return [head(group, style), lines.map((line) => `  ${line}`.trimEnd()).join('\n'), '']
}

function head({ names, but }: AnswerGroup, style: Style) {
  const size = names.length === 1 ? '' : ` (${names.length})`
  return `${style.bold(`${visibleLine(namesInRuns(names))}${size}`)}${but === undefined ? '' : style.dim(' · times differ')}`
}

function differences(most: AnswerGroup, group: AnswerGroup, style: Style) {
  return lineDiff(most.shown, group.shown).map((line) => {
    const shown = `  ${visibleLine(line)}`.trimEnd()
    if (line.startsWith('+')) return style.added(shown)
    return line.startsWith('-') ? style.removed(shown) : shown
  })
}

function refusals(refused: readonly Shown[], style: Style) {
  const groups = groupAnswers(refused, asItIs)
  if (groups.length === 0) return []
  return [...groups.map(({ names, shown }) => style.bad(visibleLine(`✗ ${namesInRuns(names)}: refused ${shown}`))), '']
}

function unheard(asked: readonly AskedSwitch[], style: Style) {
  const failed = asked.flatMap((one) =>
    'failure' in one ? [style.bad(failureLine({ device: one.name, failure: one.failure }))] : [],
  )
  return failed.length === 0 ? [] : [...failed, '']
}

function summary(asked: readonly AskedSwitch[]) {
  const silent = asked.filter((one) => 'failure' in one).length
  const refused = asked.filter((one) => 'answers' in one && refusedBy(one).length > 0).length
  const parts = [
    `${asked.length - silent} answered`,
    ...(refused === 0 ? [] : [`${count(refused, 'refused', 'refused')} a command`]),
    ...(silent === 0 ? [] : [`${silent} did not answer`]),
  ]
  return `Asked: ${switches(asked.length)}: ${parts.join(', ')}`
}
