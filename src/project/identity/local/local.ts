import { hostname, userInfo } from 'node:os'
import type { Principal } from '../../../model/principal.ts'

interface OsUser {
  readonly uid: number
  readonly name: string
  readonly host: string
}

export function osUser(): OsUser {
  const uid = process.getuid?.() ?? -1
  return { uid, name: nameOf(uid), host: hostname() }
}

function nameOf(uid: number) {
  try {
    return userInfo().username
  } catch {
    return `uid${uid}`
  }
}

/** The local user as a principal: as good as the login on this machine, and the record says so (`auth: os`). */
export function localPrincipal({ uid, name, host }: OsUser, userNamespace = false): Principal {
  const id = `local:${uid}:${name}@${host}`
  return { issuer: 'local', id, kind: 'person', auth: 'os', ...(userNamespace ? { userNamespace } : {}) }
}

/** What to tell a user who runs as root, or undefined. */
export function rootWarning({ uid }: OsUser): string | undefined {
  if (uid !== 0) return undefined
  return 'running as root: the record names root, no person; use your own account'
}
