import type { ConfigTree } from '../../config/text/tree.ts'
import { childAt } from '../../config/text/tree.ts'
import type { Switch } from '../switch/switch.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A banner of a configuration, without its `EOF`; undefined where there is none. */
export function bannerOf(tree: ConfigTree, kind: 'login' | 'motd'): string | undefined {
  const rows = childAt(tree, `banner ${kind}`)?.body?.[0]
  return rows === undefined
    ? undefined
    : rows
        .slice(0, -1)
        .map((row) => `${row}\n`)
        .join('')
}

/**
 * What a shell begins with: `Last login: Sat May 29 13:12:00 2021 from 10.0.0.2` (recorded on a 4.22.1F), then
 * `banner motd`. A user who was never here before is told of the boot.
 */
export function greetingOf(device: Switch, user: string): string {
  const { address, since } = device.terminals.lastLogin(user) ?? { address: '127.0.0.1', since: device.bootedAt }
  return `Last login: ${loginTime(since)} from ${address}\n${bannerOf(device.running, 'motd') ?? ''}`
}

// `Sat May 29 13:12:00 2021`, UTC.
function loginTime(at: number) {
  const date = new Date(at)
  const day = String(date.getUTCDate()).padStart(2, ' ')
  const month = MONTHS[date.getUTCMonth()] ?? ''
  return `${DAYS[date.getUTCDay()] ?? ''} ${month} ${day} ${date.toISOString().slice(11, 19)} ${date.getUTCFullYear()}`
}
