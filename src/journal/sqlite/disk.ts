import { statfsSync } from 'node:fs'

const MIB = 1024 * 1024

/** What the operating system says of the file system that holds a folder. */
export interface FileSystem {
  /** On Linux the magic number of statfs(2), elsewhere whatever that system says. */
  readonly type: number
  /** Bytes that this user may still write. */
  readonly free: number
}

/** The disk of a store. */
export interface Disk {
  /** Throws what the operating system says of a folder that is not there. */
  fileSystemOf(folder: string): FileSystem
  /** The size of the ballast, in bytes. */
  readonly ballast: number
}

/** The disk of this machine; its ballast of 4 MiB holds the records of a way back of some hundred switches. */
export const systemDisk: Disk = {
  fileSystemOf: (folder) => {
    const { type, bavail, bsize } = statfsSync(folder)
    return { type, free: bavail * bsize }
  },
  ballast: 4 * MIB,
}
