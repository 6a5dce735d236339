import { readFileSync } from 'node:fs'

// Where Linux says which users of this process's namespace are which users outside of it (user_namespaces(7)).
const MAP = '/proc/self/uid_map'

const IDENTITY = /^\s*0\s+0\s+4294967295\s*$/

/** `read` gives the map; undefined where the system has none. */
export function inUserNamespace(read: () => string | undefined = readMap): boolean {
  const map = read()
  return map !== undefined && !IDENTITY.test(map)
}

function readMap() {
  try {
    return readFileSync(MAP, 'utf8')
  } catch {
    return undefined
  }
}
