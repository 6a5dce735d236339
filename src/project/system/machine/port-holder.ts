import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

export interface PortHolder {
  readonly pid: number
  readonly program: string
}

// A socket that listens, in the tables of Linux (proc(5), /proc/net/tcp).
const LISTENS = '0A'

/** The process that listens on a port; undefined where this machine does not say it: another system, or a process of another user. */
export function portHolder(port: number): PortHolder | undefined {
  try {
    const sockets = new Set(
      ['tcp', 'tcp6'].flatMap((table) => listeners(table, port)).map((inode) => `socket:[${inode}]`),
    )
    if (sockets.size === 0) return undefined
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (holds(pid, sockets)) return { pid: Number(pid), program: basename(readlinkSync(`/proc/${pid}/exe`)) }
    }
  } catch {}
  return undefined
}

function listeners(table: string, port: number) {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync(`/proc/net/${table}`, 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(end) && state === LISTENS)
    .flatMap((row) => row[9] ?? [])
}

function holds(pid: string, sockets: ReadonlySet<string>) {
  try {
    const folder = `/proc/${pid}/fd`
    return readdirSync(folder).some((file) => {
      try {
        return sockets.has(readlinkSync(`${folder}/${file}`))
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}
