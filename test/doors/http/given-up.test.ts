import { expect, test } from 'vitest'
import { targetCursor } from '../../../src/features/notify/given-up.ts'
import { ANN, openLab } from '../../lab/lab.ts'

const WORDS = 'ops lacks 4 notifications'
const QUIET = { status: 200, text: expect.not.stringContaining(WORDS) }

test('the overview shows what was given up for seven days, to whoever may read the record', async () => {
  const bench = await openLab({
    files: { 'eosflow.yaml': 'version: 1\nnotify: { targets: [{ name: ops, exec: [/bin/true] }] }\n' },
  }).serve()
  const browser = bench.browser(ANN)
  expect(await browser.get('/')).toMatchObject(QUIET)
  const event = {
    type: 'NotificationGivenUp',
    target: 'ops',
    first: 3,
    last: 9,
    count: 4,
    reason: 'nobody <answers>',
  } as const
  const [record] = await bench.app.journalAs(ANN).append(undefined, [event])
  await bench.app.audit?.delivered(targetCursor.givenUp('ops'), record?.seq ?? 0, event.reason)
  const { text } = await browser.get('/')
  expect(text).toContain(WORDS)
  expect(text).toContain('Given up at 2026-01-05 08:00 UTC: nobody &lt;answers&gt;')
  await bench.lab.clock.advance(8 * 86_400_000)
  expect(await bench.browser(ANN).get('/')).toMatchObject(QUIET)
  bench.lab.write(
    'policy.yaml',
    `version: 1
roles: { nobody: { members: ['${ANN.id}'] } }
rules:
  - { id: reads, to: [nobody], allow: [execution.read] }
`,
  )
  await bench.app.audit?.delivered(targetCursor.givenUp('ops'), record?.seq ?? 0, event.reason)
  expect(await bench.browser(ANN).get('/')).toMatchObject(QUIET)
})
