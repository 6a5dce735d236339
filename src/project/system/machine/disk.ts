import { statfsSync } from 'node:fs'

const MIB = 1024 * 1024

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
