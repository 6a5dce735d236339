import { randomFillSync } from 'node:crypto'
import { closeSync, constants, existsSync, fstatSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Room } from '../../../change/record/room.ts'
import { EosflowError } from '../../../model/error.ts'

const CHUNK = 1024 * 1024

// Its bytes are random, so that no file system keeps it in less than its size.
class Ballast {
  readonly #path: string
  readonly #size: number

  constructor(folder: string, size: number) {
    this.#path = join(folder, 'ballast')
    this.#size = size
  }

  // How many of its bytes are not there.
  get missing() {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0
    return Math.max(0, this.#size - size)
  }

  fill() {
    const file = openSync(this.#path, constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600)
    try {
      const bytes = randomFillSync(Buffer.alloc(Math.min(CHUNK, this.#size)))
      for (let at = fstatSync(file).size; at < this.#size; ) {
        at += writeSync(file, bytes, 0, Math.min(bytes.length, this.#size - at), at)
      }
    } catch (thrown) {
      this.drop()
      throw thrown
    } finally {
      closeSync(file)
    }
  }

  drop() {
    const isThere = this.missing < this.#size
    rmSync(this.#path, { force: true })
    return isThere
  }
}

const MIB = 1024 * 1024

// SQLite says FULL for ENOSPC, and another error where a quota (EDQUOT) or the index of the write-ahead log is what does not fit
// (sqlite.org/rescode.html; os_unix.c, unixWrite and unixShmMap).
const NO_ROOM = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT']

export interface DiskRoomOptions {
  readonly folder: string
  /** How many bytes must be free when the change of a switch begins. */
  readonly minFree: number
  readonly disk: Disk
}

export function diskRoom({ folder, minFree, disk }: DiskRoomOptions): Room {
  const ballast = new Ballast(folder, disk.ballast)
  const free = () => disk.fileSystemOf(folder).free - ballast.missing
  if (ballast.missing > 0 && free() >= minFree) quietly(() => ballast.fill())
  return {
    require: () => {
      const left = free()
      if (left < minFree) throw tooLittle(folder, left, minFree)
      if (ballast.missing === 0) return
      try {
        ballast.fill()
      } catch (cause) {
        throw new EosflowError('guard', `no ballast can be kept in ${folder}`, { hint: hintFor(folder), cause })
      }
    },
    release: (failure) => isForWantOfRoom(failure) && ballast.drop(),
  }
}

/** Why the disk has too little to give for a change, which is asked without keeping a ballast there; undefined where it has enough. */
export function roomFault({ folder, minFree, disk }: DiskRoomOptions): EosflowError | undefined {
  const left = disk.fileSystemOf(folder).free - new Ballast(folder, disk.ballast).missing
  return left < minFree ? tooLittle(folder, left, minFree) : undefined
}

// So much SQLite may write before it can say that there is no room: its index is mapped into memory, where a full disk ends the process
// (SIGBUS, mmap(2)).
const LEAST_TO_OPEN = MIB

/** Asked before a store is opened. Throws `store` where there is too little room even to look at the record. */
export function requireRoomToOpen(folder: string, disk: Disk, mayGiveUp: boolean): void {
  if (!existsSync(folder)) return
  const free = () => disk.fileSystemOf(folder).free
  if (free() >= LEAST_TO_OPEN) return
  if (mayGiveUp && new Ballast(folder, disk.ballast).drop() && free() >= LEAST_TO_OPEN) return
  throw new EosflowError(
    'store',
    `the disk of the store has ${(free() / MIB).toFixed(1)} MiB to give, too little to open it`,
    {
      hint: `Free space on the disk of ${folder}. eosflow resume, eosflow stop and eosflow rollback give up the ballast that is kept there.`,
    },
  )
}

function quietly(work: () => void) {
  try {
    work()
  } catch {}
}

function tooLittle(folder: string, free: number, minFree: number) {
  const wanted = `${minFree / MIB} MiB must be free beside its ballast before a switch is changed`
  const found = (Math.max(0, free) / MIB).toFixed(1)
  return new EosflowError('guard', `the disk of the store has ${found} MiB to give: ${wanted}`, {
    hint: hintFor(folder),
  })
}

const hintFor = (folder: string) => `Free space on the disk of ${folder}, or name another store with --store.`

function isForWantOfRoom(failure: unknown): boolean {
  if (!(failure instanceof Error)) return false
  return ('code' in failure && NO_ROOM.includes(String(failure.code))) || isForWantOfRoom(failure.cause)
}

export interface FileSystem {
  /** The magic number of statfs(2); undefined where the system is not Linux and numbers them in another way. */
  readonly type: number | undefined
  readonly free: number
}

export interface Disk {
  /** Throws what the operating system says of a path that is not there. */
  fileSystemOf(path: string): FileSystem
  /** The size of the ballast, in bytes. */
  readonly ballast: number
}

/** The disk of this machine; its ballast of 4 MiB holds the records of a way back of some hundred switches. */
export const systemDisk: Disk = {
  fileSystemOf: (path) => {
    const { type, bavail, bsize } = statfsSync(path)
    // A 32-bit system extends the sign of the high ones.
    return { type: process.platform === 'linux' ? type >>> 0 : undefined, free: bavail * bsize }
  },
  ballast: 4 * MIB,
}

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
