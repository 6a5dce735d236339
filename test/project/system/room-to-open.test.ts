import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EosflowError } from '../../../src/model/error.ts'
import { requireRoomToOpen, roomFault } from '../../../src/project/system/machine/disk-room.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const MIB = 1024 * 1024

/** A disk that is full, but for what the ballast in a folder gives back. */
function fullDisk(folder: string) {
  const ballast = join(folder, 'ballast')
  return { ballast: 4 * MIB, fileSystemOf: () => ({ type: undefined, free: existsSync(ballast) ? 0 : 4 * MIB }) }
}

test('[3G4] a store is not opened on a disk that is nearly full, which would end the process without a word', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'ballast'), Buffer.alloc(4 * MIB))
  const refused = () => requireRoomToOpen(folder, fullDisk(folder), false)
  expect(refused).toThrow(EosflowError)
  expect(refused).toThrow('the disk of the store has 0.0 MiB to give, too little to open it')
  expect(existsSync(join(folder, 'ballast'))).toBe(true)
})

test('[3G4] who puts switches back gives the ballast up for it', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'ballast'), Buffer.alloc(4 * MIB))
  requireRoomToOpen(folder, fullDisk(folder), true)
  expect(existsSync(join(folder, 'ballast'))).toBe(false)
})

test('where there is no ballast to give up it is refused as well, and a folder that is not there yet is no obstacle', () => {
  const disk = { ballast: 4 * MIB, fileSystemOf: () => ({ type: undefined, free: 0 }) }
  const folder = temporaryFolder()
  expect(() => requireRoomToOpen(folder, disk, true)).toThrow('too little to open it')
  requireRoomToOpen(join(folder, 'none'), disk, false)
})

test('[3G9] whoever asks whether there is room keeps no ballast for that', () => {
  const folder = temporaryFolder()
  const disk = (free: number) => ({ ballast: 4 * MIB, fileSystemOf: () => ({ type: undefined, free }) })
  const fault = (free: number) => roomFault({ folder, minFree: 8 * MIB, disk: disk(free) })?.message
  expect(fault(0)).toBe(
    'the disk of the store has 0.0 MiB to give: 8 MiB must be free beside its ballast before a switch is changed',
  )
  expect(fault(11 * MIB)).toContain('has 7.0 MiB to give')
  expect(fault(12 * MIB)).toBeUndefined()
  expect(existsSync(join(folder, 'ballast'))).toBe(false)
})
