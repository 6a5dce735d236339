import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type Disk,
  networkFileSystemOf,
  requireLocalDisk,
  systemDisk,
} from '../../../src/project/system/machine/disk-room.ts'
import { freshPath, thrownBy } from '../../change/record/sqlite/open-for-test.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const diskOf = (type: number | undefined, asked: string[] = []): Disk => ({
  fileSystemOf: (path) => {
    asked.push(path)
    return { type, free: 2 ** 40 }
  },
  ballast: 0,
})

describe('a store', () => {
  // The numbers are those of statfs(2), and of the sources of OpenAFS, SMB, vmhgfs and vboxsf.
  test.each([
    ['NFS', 0x6969],
    ['SMB', 0x517b],
    ['CIFS', 4283649346],
    ['SMB2', 4266872130],
    ['9p', 0x01021997],
    ['AFS', 0x5346414f],
    ['AFS', 0x6b414653],
    ['Ceph', 0x00c36400],
    ['Lustre', 0x0bd00bd0],
    ['GPFS', 0x47504653],
    ['FUSE', 0x65735546],
    ['vmhgfs', 0xbacbacbc],
  ])('[F25] on %s is refused', async (name, type) => {
    expect(await thrownBy(() => requireLocalDisk('/srv/store.db', diskOf(type)))).toMatchObject({
      kind: 'store',
      message: `the store /srv/store.db would lie on a network file system (${name})`,
      hint: expect.stringContaining('disk: { allowNetwork: true }'),
    })
  })

  test.each([
    ['ext4', 0xef53],
    ['XFS', 0x58465342],
    ['btrfs', 0x9123683e],
    ['tmpfs', 0x01021994],
    ['overlayfs', 0x794c7630],
    ['ZFS', 0x2fc12fc1],
    ['whatever a system that is not Linux says', undefined],
  ])('on %s is not', (_, type) => {
    expect(requireLocalDisk('/srv/store.db', diskOf(type))).toBeUndefined()
  })

  test('that is not there yet is judged by the nearest folder that is', () => {
    const asked: string[] = []
    const folder = temporaryFolder()
    expect(networkFileSystemOf(join(folder, 'a/b/store.db'), diskOf(0x6969, asked))).toBe('NFS')
    expect(asked).toEqual([folder])
  })

  test('of this machine lies where its tests lie', () => {
    expect(networkFileSystemOf(freshPath(), systemDisk)).toBe(undefined)
    expect(systemDisk.fileSystemOf('/proc').type).toBe(0x9fa0)
  })
})
