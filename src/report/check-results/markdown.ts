import { count, switches } from '../text/count.ts'
import { markdownText } from '../text/markdown-text.ts'
import { type CheckResult, groupResults, tallyOf } from './check-results.ts'

/** Results for a pull request or a ticket: how many there are, then a table of what did not pass, by switch, worst first. */
export function checkResultsMarkdown(results: readonly CheckResult[]): string {
  const tally = tallyOf(results)
  const groups = [...groupResults(results, 'device')]
  const rows = groups.map(([device, group]) => {
    const { success, failure, error, skipped } = tallyOf(group)
    return `| ${markdownText(device)} | ${success} | ${failure} | ${error} | ${skipped} |`
  })
  const troubles = groups.flatMap(([, group]) => group.filter(({ status }) => status !== 'success'))
  return [
    `### eosflow check: ${count(results.length, 'result')} on ${switches(groups.length)}`,
    '',
    `${tally.success} passed, ${tally.failure} failed, ${tally.error} not judged, ${tally.skipped} skipped`,
    '',
    '| Device | Passed | Failed | Not judged | Skipped |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    ...(troubles.length === 0 ? [] : troubleTable(troubles)),
  ].join('\n')
}

function troubleTable(troubles: readonly CheckResult[]): readonly string[] {
  return [
    '| Device | Check | Status | Expected against actual | Look at |',
    '| --- | --- | --- | --- | --- |',
    ...troubles.map(
      ({ device, check, status, messages, commands }) =>
        `| ${markdownText(device)} | ${markdownText(check)} | ${status} | ${messages.map(markdownText).join('<br>')} | ${commands.slice(0, 2).map(markdownText).join('<br>')} |`,
    ),
    '',
  ]
}
