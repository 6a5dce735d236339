import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ChainsAuditTrail } from '../../src/journal/chains/chains-audit-trail.ts'
import type { EventBody } from '../../src/journal/event.ts'
import { openStore } from '../../src/journal/sqlite/open-store.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { asAlice } from '../journal/sqlite/open-for-test.ts'
import { exits } from '../lab/exits.ts'
import { fileText } from '../lab/files.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { inProcess } from './in-process.ts'

const entered: EventBody = { type: 'StateEntered', path: '', state: 'Push' }
const DAY = 86_400_000

/** A project whose store has ten executions of 100 records, one a day from 2026-01-05T08:00Z on, and a word to the third one behind them. */
async function tenDays(...last: readonly EventBody[]) {
  const dir = temporaryFolder()
  writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
  await exits(0, inProcess('audit key', dir))
  const installKey = fileText(dir, '.eosflow/install.key').trim()
  const clock = new VirtualClock()
  const path = join(dir, '.eosflow/store.db')
  const store = asAlice(await openStore({ path, installKey, clock, checkpointKey: () => undefined }))
  for (let day = 0; day < 10; day += 1) {
    await store.append(
      `x${day}`,
      Array.from({ length: 100 }, () => entered),
    )
    await clock.advance(DAY)
  }
  await store.append(undefined, [{ type: 'StopRequested', stopped: 'x2', reason: 'late' }, ...last])
  await store.close()
  return dir
}

/** How many records a list has, and how many were read for it. */
async function listed(dir: string, ...argv: readonly string[]) {
  let read = 0
  const records = ChainsAuditTrail.prototype.records
  const spy = vi.spyOn(ChainsAuditTrail.prototype, 'records').mockImplementation(async function (
    this: ChainsAuditTrail,
    ...given
  ) {
    const rows = await records.apply(this, given)
    read += rows.length
    return rows
  })
  onTestFinished(() => spy.mockRestore())
  const { stdout: out, code } = await inProcess(['audit list --json', ...argv], dir)
  spy.mockRestore()
  expect([code, out]).toEqual([0, expect.any(String)])
  return [JSON.parse(out).records.length, read]
}

test('a list of the record reads no more than what its execution and its times leave', async () => {
  const dir = await tenDays()
  // The begin of the search for a time is one record at a time, ten or eleven of them.
  expect(await listed(dir, '--execution', 'x9')).toEqual([100, 100])
  expect(await listed(dir, '--execution', 'x2')).toEqual([101, 801])
  expect(await listed(dir, '--since', '2026-01-14')).toEqual([101, 111])
  expect(await listed(dir, '--until', '2026-01-06')).toEqual([100, 110])
  expect(await listed(dir, '--since', '2026-01-07', '--until', '2026-01-08')).toEqual([100, 120])
  expect(await listed(dir, '--execution', 'x9', '--until', '2026-01-06')).toEqual([0, 10])
  expect(await listed(dir)).toEqual([1_001, 1_001])
})

test('where a clock was accepted every record is read for a time', async () => {
  const accepted: EventBody = {
    type: 'ClockAccepted',
    principal: { issuer: 'local', id: 'local:1000:alice@noc1', kind: 'person', auth: 'os' },
    reason: 'a year ahead',
    latest: '2026-01-15T08:00:00.000Z',
    now: '2026-01-15T08:00:00.000Z',
    agreeing: 1,
  }
  const dir = await tenDays(accepted)
  expect(await listed(dir, '--since', '2026-01-14')).toEqual([102, 1_002])
})
