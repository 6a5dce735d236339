import { bannerOf } from '../cli/exec/show-terminal.ts'
import { dateText } from '../platform/facts.ts'
import type { Switch } from '../switch/switch.ts'

/**
 * What a shell begins with: `Last login: Sat May 29 13:12:00 2021 from 10.0.0.2` (recorded on a 4.22.1F), then
 * `banner motd`. A user who was never here before is told of the boot.
 */
export function greetingOf(device: Switch, user: string): string {
  const { address, since } = device.terminals.lastLogin(user) ?? { address: '127.0.0.1', since: device.bootedAt }
  return `Last login: ${dateText(since)} from ${address}\n${bannerOf(device.running, 'motd') ?? ''}`
}
