import { expect, test } from 'vitest'
import { type Claims, noClaims } from '../../../src/change/record/store/claims.ts'
import { aloneIn } from '../../../src/features/backup/backup-folder.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'

/** Begins and ends of two pieces of work in these folders, of which the first one fails. */
async function order(claims: Claims, one: string, other: string) {
  const clock = new VirtualClock()
  const seen: string[] = []
  const work = (name: string, fails: boolean) => async () => {
    seen.push(`${name} begins`)
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    seen.push(`${name} ends`)
    if (fails) throw new Error(name)
  }
  const both = [
    aloneIn({ claims, clock }, one, work('first', true)),
    aloneIn({ claims, clock }, other, work('second', false)),
  ]
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  return seen
}

test('of one process two go one behind the other, whether or not a claim of it keeps itself out', async () => {
  expect(await order(noClaims, '/nowhere/one', '/nowhere/one')).toEqual([
    'first begins',
    'first ends',
    'second begins',
    'second ends',
  ])
})

test('two folders have nothing to do with each other', async () => {
  expect((await order({ ...noClaims }, '/nowhere/one', '/nowhere/other')).slice(0, 2)).toEqual([
    'first begins',
    'second begins',
  ])
})

test('one that another process has not ended within ten minutes is said to be busy', async () => {
  const clock = new VirtualClock()
  const claims: Claims = {
    ...noClaims,
    claim: async () => ({ renew: async () => false, release: async () => undefined }),
  }
  const waiting = aloneIn({ claims, clock }, '/nowhere/one', async () => 'done')
  const said = expect(waiting).rejects.toMatchObject({ kind: 'busy', retryable: true })
  for (let minute = 0; minute < 11; minute += 1) await clock.advance(60_000)
  await said
})
