import { expect, test } from 'vitest'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { ACTS, atRest, type Came, type Case, commitsOf, LOST_PARTS, lived, placeOf, WAYS } from './copied-stores.ts'

/** The moments of a copy: behind these records of a change from a saved plan; between two of them nothing else is known or done. */
const MOMENTS = [
  'ExecutionStarted',
  'TaskSucceeded Snapshot',
  'TaskStarted Plan',
  'PlanMade',
  'TaskSucceeded Approve',
  'TaskStarted Push',
  'ActIntended stage',
  'ActFinished stage',
  'ActFinished replay',
  'ActIntended arm',
  'ActFinished arm',
  'TaskSucceeded Verify',
  'ActIntended confirm',
  'ActFinished confirm',
  'ActIntended save',
  'ActFinished save',
  'StateEntered Done',
  'ExecutionEnded',
]

const BEFORE_STAGE = new Set(MOMENTS.slice(0, MOMENTS.indexOf('ActIntended stage')))

const CASES = WAYS.flatMap((way) =>
  MOMENTS.flatMap((at) => LOST_PARTS.flatMap((lost) => ACTS.map((act) => ({ way, at, lost, act })))),
)

const END = /^leaf1 +\S (confirmed|put back|untouched|unchanged|unknown|open)\b/m

/** Where a switch must be by the word that was said of it. What is run or taken back is an execution of its own. */
function requireEnd(said: string, came: Came, { way, act }: Case) {
  const { lab, ended, place, commits, execution } = came
  const now = placeOf(lab)
  const isOwn = ended.out.includes(`Execution ${execution}:`)
  switch (said) {
    case 'confirmed': {
      const { switch: leaf1 } = lab.device('leaf1')
      expect(now).not.toBe(!isOwn && act === 'rollback' ? 'AFTER' : 'BEFORE')
      expect(renderConfig(leaf1.startup)).toBe(renderConfig(leaf1.running))
      break
    }
    case 'put back':
      expect(now).toBe('BEFORE')
      break
    case 'untouched':
      expect([now, commitsOf(lab)]).toEqual([place, commits])
      if (isOwn) expect([now, way === 'restored' ? commits : 0]).toEqual(['BEFORE', 0])
      break
    case 'unknown':
      expect(ended.code).toBe(7)
      break
    case 'open':
      expect(ended.code).not.toBe(0)
  }
}

function isPast({ way, at, act }: Case) {
  const isShown = act === 'resume' || act === 'stop' || act === 'redrive'
  return isShown && (at === 'ExecutionEnded' || (at === 'StateEntered Done' && way === 'copied'))
}

/** Each end that was said is true of the switch, and the copy of its configuration before the change is still that. */
function requireTrue(came: Came, one: Case) {
  const { lab, ended, commits, kept, keeps } = came
  const said = END.exec(ended.out)?.[1] ?? 'nothing'
  // What has ended on record, or has only to say so, is shown as it was read then; nothing is done.
  if (!isPast(one)) requireEnd(said, came, one)
  if (kept !== undefined) expect(keeps).toBe('BEFORE')
  // What the switch shows to have been begun elsewhere is not pushed a second time under the same approval.
  if (
    one.way === 'copied' &&
    one.act === 'resume' &&
    kept !== undefined &&
    BEFORE_STAGE.has(one.at) &&
    said === 'confirmed'
  )
    expect(commitsOf(lab)).toBe(commits)
  return said
}

test('[P18] [S18] what is said with an older copy of the store is true of the switch', {
  tags: 'long',
  timeout: 3_600_000,
}, async () => {
  const looked = everyNthOfLong(315, 'copied and restored stores', CASES)
  const faults: string[] = []
  const tally: Record<string, number> = {}
  for (const one of looked) {
    const came = await lived(one)
    const label = Object.values(one).join(' | ')
    if (came === undefined) {
      tally.never = (tally.never ?? 0) + 1
      continue
    }
    try {
      const said = requireTrue(came, one)
      tally[said] = (tally[said] ?? 0) + 1
    } catch (error) {
      faults.push(
        `${label} -> ${came.ended.code}: ${String(error).split('\n').slice(0, 3).join(' ')}\n${came.ended.out}${came.ended.err}`,
      )
    }
    await atRest(came)
  }
  process.stdout.write(`${looked.length} cases: ${JSON.stringify(tally)}\n`)
  expect(faults.join('\n---\n')).toBe('')
  expect(looked).toHaveLength(extentOfLong(4, 1260))
  expect(CASES).toHaveLength(1260)
})
