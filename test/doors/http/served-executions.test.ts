import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { heardJournal, type Journal, type Subscriber } from '../../../src/change/record/store/journal.ts'
import {
  keepingServed,
  type ServedExecutions,
  servedExecutions,
} from '../../../src/doors/http/jobs/served-executions.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }

function journalOf(served: ServedExecutions, append: Journal['append'], ...others: readonly Subscriber[]) {
  return heardJournal({ append, read: async () => [] }, [keepingServed(served), ...others])
}

test('an execution is known to the next server before it is on record that this one takes it up, and not where that is refused', async () => {
  const folder = temporaryFolder()
  const failures: string[] = []
  const served = servedExecutions(folder, (what) => failures.push(what))
  const known: (readonly string[])[] = []
  const journal = journalOf(served, async (execution) => {
    known.push(JSON.parse(readFileSync(join(folder, 'served.json'), 'utf8')).executions)
    if (execution === 'taken') throw new EosflowError('busy', 'another process has it')
    return []
  })
  await journal.append('own', [RESUMED])
  await expect(journal.append('taken', [RESUMED])).rejects.toThrow('another process has it')
  await journal.append(undefined, [])
  expect([known, served.ids, failures]).toEqual([[['own'], ['own', 'taken'], ['own']], ['own'], []])
  // What it has had before stays its own, and so does what is on record where another one cannot hear of it.
  await journal.append('own', [RESUMED])
  await expect(
    journalOf(
      served,
      async () => [],
      () => ({ written: () => Promise.reject(new Error('not heard')) }),
    ).append('own', [RESUMED]),
  ).rejects.toThrow('not heard')
  expect(servedExecutions(folder, () => undefined).ids).toEqual(['own'])
})

test('a disk that takes no list of executions is told, and stops none of them', async () => {
  const failures: string[] = []
  const served = servedExecutions(join(tmpdir(), 'eosflow-no-such-folder'), (what) => failures.push(what))
  await journalOf(served, async () => []).append('own', [RESUMED])
  expect(served.ids).toEqual(['own'])
  served.forget('own')
  expect(failures).toEqual(['served.json', 'served.json'])
})
