import { existsSync, lstatSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { EosflowError } from '../../../src/model/error.ts'
import { diskRoom, systemDisk } from '../../../src/project/system/machine/disk-room.ts'
import { thrownBy } from '../../change/record/sqlite/open-for-test.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const MIB = 1024 * 1024
const EXT4 = 0xef53

/** A disk of which so many bytes are free once its ballast is there; what is written to it meanwhile is not counted. */
function roomWith(folder: string, disk: { free: number; ballast?: number }) {
  const fileSystemOf = () => ({ type: EXT4, free: disk.free })
  return diskRoom({ folder, minFree: 8 * MIB, disk: { fileSystemOf, ballast: disk.ballast ?? 5000 } })
}

const full = () =>
  new EosflowError('store', 'cannot be used', { cause: new Database.SqliteError('full', 'SQLITE_FULL') })

describe('the ballast', () => {
  test('is made with its size for its owner alone, and stays as it is', () => {
    const folder = temporaryFolder()
    roomWith(folder, { free: 100 * MIB })
    const { size, mode, mtimeMs } = statSync(join(folder, 'ballast'))
    expect([size, (mode & 0o777).toString(8)]).toEqual([5000, '600'])
    roomWith(folder, { free: 100 * MIB }).require()
    expect(statSync(join(folder, 'ballast')).mtimeMs).toBe(mtimeMs)
  })

  test('is of 4 MiB on the disk of this machine, and takes that much of it', () => {
    const folder = temporaryFolder()
    diskRoom({ folder, minFree: 0, disk: systemDisk })
    const { size, blocks } = statSync(join(folder, 'ballast'))
    expect(size).toBe(4_194_304)
    // Blocks of 512 bytes (stat(2)); what is not written yet is not counted by every file system.
    expect(blocks === 0 || blocks * 512 >= size).toBe(true)
  })

  test('that was cut short is made whole', () => {
    const folder = temporaryFolder()
    roomWith(folder, { free: 100 * MIB })
    truncateSync(join(folder, 'ballast'), 17)
    roomWith(folder, { free: 100 * MIB })
    expect(statSync(join(folder, 'ballast')).size).toBe(5000)
  })

  test('is not made of the last room', () => {
    const folder = temporaryFolder()
    roomWith(folder, { free: 8 * MIB + 4999 })
    expect(existsSync(join(folder, 'ballast'))).toBe(false)
    roomWith(folder, { free: 8 * MIB + 5000 })
    expect(existsSync(join(folder, 'ballast'))).toBe(true)
  })

  test('is not written through a link', async () => {
    const folder = temporaryFolder()
    const other = join(folder, 'other')
    writeFileSync(other, 'mine')
    symlinkSync(other, join(folder, 'ballast'))
    const room = roomWith(folder, { free: 100 * MIB })
    expect(await thrownBy(() => room.require())).toMatchObject({
      kind: 'guard',
      message: `no ballast can be kept in ${folder}`,
    })
    expect([statSync(other).size, lstatSync(join(folder, 'ballast')).isSymbolicLink()]).toEqual([4, true])
  })
})

describe('[F23] before a switch is changed', () => {
  test.each([
    [8 * MIB, undefined],
    [8 * MIB - 1, /^the disk of the store has 8\.0 MiB to give: 8 MiB must be free beside its ballast/],
    [0, /^the disk of the store has 0\.0 MiB to give/],
  ])('with %d bytes free beside the ballast', async (free, refusal) => {
    const folder = temporaryFolder()
    const disk = { free: 100 * MIB }
    const room = roomWith(folder, disk)
    disk.free = free
    if (refusal === undefined) return expect(() => room.require()).not.toThrow()
    expect(await thrownBy(() => room.require())).toMatchObject({
      kind: 'guard',
      message: expect.stringMatching(refusal),
      hint: `Free space on the disk of ${folder}, or name another store with --store.`,
    })
  })

  test('the ballast that was given up is kept again, and counts as not free until it is', async () => {
    const folder = temporaryFolder()
    const disk = { free: 100 * MIB }
    const room = roomWith(folder, disk)
    expect(room.release(full())).toBe(true)
    disk.free = 8 * MIB
    expect(await thrownBy(() => room.require())).toMatchObject({ kind: 'guard' })
    disk.free = 8 * MIB + 5000
    room.require()
    expect(statSync(join(folder, 'ballast')).size).toBe(5000)
  })
})

describe('the ballast is given up', () => {
  test('once', () => {
    const folder = temporaryFolder()
    const room = roomWith(folder, { free: 100 * MIB })
    expect([room.release(full()), existsSync(join(folder, 'ballast')), room.release(full())]).toEqual([
      true,
      false,
      false,
    ])
  })

  test.each([
    ['SQLITE_FULL', true],
    ['SQLITE_IOERR_WRITE', true],
    ['SQLITE_IOERR_SHMSIZE', true],
    ['SQLITE_BUSY', false],
    ['SQLITE_CORRUPT', false],
    ['SQLITE_IOERR_FSYNC', false],
  ])('%s: %s', (code, given) => {
    const room = roomWith(temporaryFolder(), { free: 100 * MIB })
    const cause = new Database.SqliteError('it failed', code)
    expect(room.release(new EosflowError('store', 'cannot be used', { cause }))).toBe(given)
  })

  test('not because somebody else has continued the execution', () => {
    expect(roomWith(temporaryFolder(), { free: 100 * MIB }).release(new EosflowError('busy', 'continued'))).toBe(false)
  })
})
