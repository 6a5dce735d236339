import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Connection } from '../../../../src/change/record/sqlite/connection.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { openProjectFile, type ProjectStore } from '../../../../src/project/app/store/project-store.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import { noSeams } from '../../../../src/project/system/process/seams.ts'
import { thrownBy } from '../../../change/record/sqlite/open-for-test.ts'
import { hostIn, temporaryFolder } from '../../../lab/lab.ts'

const DAY = 24 * 60 * 60_000

function project(clock: VirtualClock) {
  const dir = temporaryFolder({ 'eosflow.yaml': 'version: 1\n' })
  const open = async () => {
    const host = hostIn(dir, { seams: { ...noSeams, clock } })
    const kept = await openProjectFile(openProject(host, { project: dir }), host)
    onTestFinished(() => kept.store.close())
    return kept
  }
  return { dir, open }
}

const signedAt = async ({ audit }: ProjectStore) => ((await audit?.checkpoints(0)) ?? []).map(({ at }) => at)

test('whoever opens the store of a project signs a checkpoint, where the newest is a day old', async () => {
  const clock = new VirtualClock()
  const { open } = project(clock)
  await (await open()).store.close()
  await clock.advance(DAY - 1)
  expect(await signedAt(await open())).toEqual(['2026-01-05T08:00:00.000Z'])
  await clock.advance(1)
  await open()
  expect(await signedAt(await open())).toEqual(['2026-01-05T08:00:00.000Z', '2026-01-06T08:00:00.000Z'])
})

test.each(['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_IOERR_WRITE'])(
  'a disk or another process that hinders that hinders nobody from reading: %s',
  async (code) => {
    const { open } = project(new VirtualClock())
    hindered(code)
    const kept = await open()
    expect(await signedAt(kept)).toEqual([])
    expect(await kept.store.executions()).toEqual([])
  },
)

test('a store that is damaged is not opened, and not left open', async () => {
  const clock = new VirtualClock()
  const { dir, open } = project(clock)
  await (await open()).store.close()
  await clock.advance(DAY)
  hindered('SQLITE_CORRUPT')
  expect(await thrownBy(open)).toMatchObject({ kind: 'store' })
  // Only who has it alone may leave the log (sqlite.org/wal.html).
  const alone = new Database(join(dir, '.eosflow', 'store.db'), { timeout: 0 })
  expect(alone.pragma('journal_mode = DELETE', { simple: true })).toBe('delete')
  alone.close()
})

/** Has every write to a store fail as SQLite says it. */
function hindered(code: string) {
  const spy = vi.spyOn(Connection.prototype, 'write').mockImplementation(() => {
    throw new EosflowError('store', 'it fails', { cause: new Database.SqliteError('it fails', code) })
  })
  onTestFinished(() => spy.mockRestore())
}
