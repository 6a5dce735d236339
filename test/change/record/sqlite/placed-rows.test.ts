import { expect, test } from 'vitest'
import { ONE_OF_EACH, PLAN } from '../one-of-each-event.ts'
import { freshPath, openForTest, tamper } from './open-for-test.ts'

const OTHER = `sha256:${'b2'.repeat(32)}`
const started = ONE_OF_EACH.find(({ type }) => type === 'ExecutionStarted')

/** Two runs, each of a plan of its own whose approval it used. */
async function twoRuns() {
  const path = freshPath()
  const store = await openForTest(path)
  const ref = await store.put('the plan')
  for (const [id, digest] of [
    ['x1', PLAN],
    ['x2', OTHER],
  ] as const) {
    if (started === undefined) throw new Error('no execution was begun')
    const made = { type: 'PlanMade', digest, plan: ref, waves: [['leaf1']], unchanged: [] } as const
    await store.append(id, [started, made, { type: 'ApprovalUsed', plan: digest, nonce: id.repeat(16) }])
  }
  const asked = () => Promise.all([store.planRuns(OTHER), store.approvalUses(OTHER)])
  return { path, asked }
}

test('what is on record about a plan is the same when it is asked for again', async () => {
  const { asked } = await twoRuns()
  const first = await asked()
  expect(first.map((found) => found.map(({ execution }) => execution))).toEqual([['x2'], ['x2']])
  expect(await asked()).toEqual(first)
})

const PASTE = (what: string, to: string) =>
  `UPDATE event SET (covers, prev, hash, body) = (SELECT covers, prev, hash, body FROM event WHERE ${what}) WHERE ${to}`

test.each([
  [
    'a position that no number can say',
    "UPDATE event SET pos = 9007199254740993 WHERE execution = 'x2' AND n = 3",
    'a record is not where it is said to be',
  ],
  [
    'the record of another execution in its place',
    PASTE("execution = 'x1' AND n = 2", "execution = 'x2' AND n = 2"),
    'its content is that of another execution',
  ],
  [
    'the column of another plan',
    `UPDATE event SET plan = '${OTHER}' WHERE execution = 'x1' AND n = 2`,
    'it was found by a plan that it does not name',
  ],
])('%s is refused, in a process that has read it and in a new one', async (_, statement, reason) => {
  const { path, asked } = await twoRuns()
  await asked()
  tamper(path, statement)
  await expect(asked()).rejects.toThrow(reason)
  const fresh = await openForTest(path)
  await expect(Promise.all([fresh.planRuns(OTHER), fresh.approvalUses(OTHER)])).rejects.toThrow(reason)
})
