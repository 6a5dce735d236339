import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { silentIo } from '../../../src/doors/cli/thread/silent-io.ts'
import { selectedCases, testExecution } from '../../../src/lab/workflow-test/execution.ts'
import { startLab } from '../../../src/lab/workflow-test/lab.ts'
import { openProject } from '../../../src/project/files/project.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { historyOf, historyText } from '../../../src/report/event-words/history.ts'
import { plain } from '../../../src/report/text/text.ts'

const project = openProject(silentIo(fileURLToPath(new URL('../../..', import.meta.url))), {})

/** What one case of the flagship leaves on record, as `eosflow history` tells it, without what chance and the files decide: times, ids, digests. */
async function historyOfCase(name: string) {
  const [only, ...others] = selectedCases(project, {
    files: ['workflows/tests/tune-mlag-pairs.test.yaml'],
    filter: name,
  })
  if (only === undefined || others.length > 0) throw new Error(`${name} is not one case`)
  const lab = startLab(only, systemClock)
  const { events, state } = await lab.whileTimePasses(
    testExecution(project, { exitOf: () => 0, words: ({ code }) => code })(only, lab),
  )
  return historyText(historyOf(state?.id ?? '', events), plain)
    .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME')
    .replace(/eosflow-[0-9a-f]{8}/g, 'eosflow-EXECUTION')
    .replace(/\b\d+(?:\.\d+)? s\b/g, 'N s')
    .replace(/(sha256:|hmac:|blob:)[0-9a-f…]+/g, '$1…')
    .replace(/\b[0-9a-f]{32}\b/g, 'NONCE')
}

describe('the history of the flagship', { tags: ['long', 'turn'] }, () => {
  test('a leaf is asked again, the change is weighed, watched, approved, rolled out, confirmed', async () => {
    const history = await historyOfCase('a leaf that is away for a moment')
    await expect(`${history}\n`).toMatchFileSnapshot('../../golden/history-tune-mlag-pairs.txt')
  })

  test('a failed verification is caught and undone', async () => {
    const history = await historyOfCase('a spine lost under way')
    await expect(`${history}\n`).toMatchFileSnapshot('../../golden/history-tune-mlag-pairs-undone.txt')
  })
})
