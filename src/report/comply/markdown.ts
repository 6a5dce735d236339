import { failureLine } from '../sessions/text.ts'
import { count } from '../text/count.ts'
import { fencedLine, markdownText } from '../text/markdown-text.ts'
import { visibleLine } from '../text/visible.ts'
import { type ComparedSwitch, type Compliance, complyWords, isExcused, stateWords, sumOfCompliance } from './comply.ts'
import { idleWords } from './idle-words.ts'

/** What was found for a pull request or a ticket: a table of the sections that are not as intended, the lines folded below it, and what needs somebody. */
export function complyMarkdown({ switches, exceptions }: Compliance): string {
  const compared = switches.filter((one) => 'sections' in one)
  const rows = compared.flatMap(({ name, sections }) =>
    sections
      .filter(({ lines }) => lines.length > 0)
      .map((section) => {
        const excused = section.lines.filter(isExcused).length
        return `| ${markdownText(name)} | ${markdownText(section.name)} | ${stateWords(section)} | ${section.lines.length - excused} | ${excused} |`
      }),
  )
  const others = switches.flatMap((one) => {
    if (one.state === 'unknown') return [`- ${markdownText(one.name)}: nothing is intended for it`]
    return one.state === 'unread' ? [`- ${markdownText(failureLine({ device: one.name, failure: one.failure }))}`] : []
  })
  const idle = exceptions.map((one) => `- ${markdownText(`${one.at}: ${idleWords(one)}`)}`)
  const models = compared.filter(({ by }) => by === 'model').map(({ name }) => markdownText(name))
  const model =
    models.length === 0 ? [] : [`Computed by the model of eosflow, not by a switch: ${models.join(', ')}`, '']
  const listed = [...others, ...idle]
  return [
    `### eosflow comply: ${count(switches.length, 'switch', 'switches')}`,
    '',
    complyWords(sumOfCompliance(switches)),
    '',
    ...model,
    ...(rows.length === 0
      ? []
      : ['| Switch | Section | State | Lines | Excused |', '| --- | --- | --- | ---: | ---: |', ...rows, '']),
    ...(listed.length === 0 ? [] : [...listed, '']),
    ...compared.filter(({ state }) => state === 'differs').flatMap(details),
  ].join('\n')
}

function details({ name, sections }: ComparedSwitch): readonly string[] {
  const differ = sections.filter(({ states }) => states.length > 0)
  return [
    `<details><summary>${markdownText(name)}: ${count(differ.length, 'section')}</summary>`,
    '',
    '```diff',
    ...differ.flatMap((section) => [
      `# ${section.name}: ${stateWords(section)}`,
      ...section.config.map(({ sign, text }) => fencedLine(visibleLine(`${sign} ${text}`))),
    ]),
    '```',
    '',
    '</details>',
    '',
  ]
}
