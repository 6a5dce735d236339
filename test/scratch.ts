import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'

/** A folder of Linux that lies in memory (tmpfs(5)). */
const MEMORY = '/dev/shm'
/** Bytes that must be free there, and in the machine: some times what all tests together ever keep. */
const ROOM = 2 ** 31

/**
 * Lets tests write into memory where the machine has room for it, and TMPDIR names no other place: nothing of it has to outlive the run, and no
 * test waits for a disk. `npm run soak -- night` writes to the disk. Gives what removes it all.
 */
export function setup(): () => void {
  const isOnDisk = process.env.TMPDIR !== undefined || roomOf(MEMORY) < ROOM || freemem() < ROOM
  const dir = mkdtempSync(`${isOnDisk ? tmpdir() : MEMORY}/eosflow-tests-`)
  const remove = () => rmSync(dir, { recursive: true, force: true })
  // What the command keeps for the next one is of this run alone.
  process.env.XDG_CACHE_HOME = `${dir}/cache`
  if (isOnDisk) return remove
  // As of the common folder for such files: some tests read as a user who may not read everything.
  chmodSync(dir, 0o711)
  process.env.TMPDIR = dir
  return remove
}

/** Bytes that are free in a folder; 0 where there is none. */
function roomOf(path: string) {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    return 0
  }
}
