import { osUser, rootWarning } from '../../identity/local.ts'
import { openStore } from '../../journal/sqlite/open-store.ts'
import type { Clock } from '../../model/clock.ts'
import { type DoctorSection, failed, good, type Point, warning } from '../../report/doctor/point.ts'

/** The oldest Node that eosflow runs on: `engines` in package.json says the same. */
export const OLDEST_NODE = [20, 19] as const

/** Whether this machine can run eosflow. `node` is its version, for example `22.11.0`. */
export async function installationSection(node: string, clock: Clock): Promise<DoctorSection> {
  const warned = rootWarning(osUser())
  const root = warned === undefined ? [] : [warning(warned, 'Run eosflow as your own user.')]
  return { title: 'Installation', points: [nodePoint(node), await databasePoint(clock), ...root] }
}

function nodePoint(node: string): Point {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const [oldest, minorOfOldest] = OLDEST_NODE
  if (major > oldest || (major === oldest && minor >= minorOfOldest)) return good(`Node ${node}`)
  return failed(`Node ${node} is too old`, `Install Node ${OLDEST_NODE.join('.')} or newer.`)
}

/** A database in memory: the native part of better-sqlite3 is loaded and its tables are made, and nothing is written. */
async function databasePoint(clock: Clock): Promise<Point> {
  try {
    const store = await openStore({ path: ':memory:', installKey: '0'.repeat(64), clock })
    await store.close()
    return good('better-sqlite3 loads')
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
    return failed(`better-sqlite3 does not load: ${why}`, 'npm rebuild better-sqlite3 (it takes a C++ compiler).')
  }
}
