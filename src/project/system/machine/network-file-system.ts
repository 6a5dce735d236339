import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { EosflowError } from '../../../model/error.ts'
import type { Disk } from './disk.ts'

// File systems that another machine may write to as well, by the magic number of statfs(2) on Linux (include/uapi/linux/magic.h and the
// headers of the file systems themselves; GNU coreutils marks the same ones as remote in src/stat.c). What passes requests on to a program
// (FUSE: sshfs, GlusterFS, object stores) is one of them: nobody can see what is behind it.
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9p'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0xaad7aaea, 'PanFS'],
  [0x7461636f, 'OCFS2'],
  [0x01161970, 'GFS2'],
  [0x65735546, 'FUSE'],
  [0xbacbacbc, 'vmhgfs'],
  [0x786f4256, 'vboxsf'],
  [0x7c7c6673, 'prl_fs'],
])

/** The network file system that a store lies on, or would lie on; undefined for a local one, and where the system does not say. */
export function networkFileSystemOf(store: string, disk: Disk): string | undefined {
  const { type } = disk.fileSystemOf(nearestThere(store))
  return type === undefined ? undefined : NETWORK.get(type)
}

/**
 * Throws `store` for a store on a network file system: its write-ahead log needs memory that all its processes share, and locks that
 * hold (sqlite.org/wal.html; sqlite.org/howtocorrupt.html, 2.1).
 */
export function requireLocalDisk(store: string, disk: Disk): void {
  const found = networkFileSystemOf(store, disk)
  if (found === undefined) return
  throw new EosflowError('store', `the store ${store} would lie on a network file system (${found})`, {
    hint: 'Name one on a local disk with --store. With disk: { allowNetwork: true } in eosflow.yaml it is used all the same, and every execution says so on record.',
  })
}

/** A path, or the nearest folder above it that is there. */
export function nearestThere(path: string): string {
  let near = path
  while (!existsSync(near) && near !== dirname(near)) near = dirname(near)
  return near
}
