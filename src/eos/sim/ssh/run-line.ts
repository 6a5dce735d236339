import type { Clock } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import type { Cli } from '../cli/cli.ts'
import type { Reply } from '../platform/reply.ts'

const EXEC_READS = /^(?:sh|dir|en|dis|exit|end|term|ping|diff|logout|quit|bash)/
// Those of config modes, where `shutdown` and `enable` are settings.
const CONFIG_READS = /^(?:do |sho?w? |exi?t?$|end?$|dir\b|diff )/

export type Channel = 'shell' | 'exec'

/** `lost` where the connection died of it. */
export async function runLine(cli: Cli, command: Command, channel: Channel, clock: Clock): Promise<Reply | 'lost'> {
  const { device } = cli
  device.settle()
  const commands = [command.cmd.trim()]
  const reads = cli.mode === undefined ? EXEC_READS : CONFIG_READS
  const kind = reads.test(commands[0] ?? '') ? 'read' : 'write'
  const at = device.now
  device.counters.requests += 1
  const disturbance = device.faults.disturb({ commands, writes: kind === 'write' })
  if (disturbance.delayBefore > 0) await clock.sleep(disturbance.delayBefore)
  const alive = device.sshReachable && disturbance.dies !== 'before'
  const reply = alive ? run(cli, command, commands) : 'lost'
  if (disturbance.delayAfter > 0) await clock.sleep(disturbance.delayAfter)
  const outcome = disturbance.dies === undefined && device.sshReachable ? reply : 'lost'
  const answer = outcome === 'lost' ? 'lost' : outcome.ok ? 0 : outcome.code
  device.record({ at, method: 'SSH', path: channel, commands, kind, answer })
  return outcome
}

function run(cli: Cli, command: Command, commands: readonly string[]) {
  const { device } = cli
  const { commits, bootedAt } = device
  const reply = cli.run(command, { autoComplete: true, format: 'text' })
  return device.diesOf(commands, commits) || device.bootedAt !== bootedAt ? 'lost' : reply
}
