import { DONE, refused } from '../../platform/reply.ts'
import type { CliSession } from '../command/cli-session.ts'
import type { ExecCommand } from '../command/exec-command.ts'

function lock(cli: CliSession, transaction?: string) {
  const refusal = cli.lockedOut()
  if (refusal !== undefined) return refusal
  cli.device.lock.take(cli, cli.user, transaction)
  return DONE
}

function unlock(cli: CliSession, transaction?: string) {
  const refusal = cli.lockedOut()
  if (refusal !== undefined) return refusal
  return cli.device.lock.release(transaction) ? DONE : refused(cli.device.behaviour.says.notLocked)
}

/** The exclusive configure lock (help of a 4.25, arista.eos#409). */
export const LOCK_COMMANDS: readonly ExecCommand[] = [
  {
    words: 'configure lock',
    docs: 'Keeps every other CLI out of config modes and sessions until it is given back or this CLI ends.',
    privileged: true,
    run: (cli) => lock(cli),
  },
  {
    words: 'configure lock transaction <name> [<reason...>]',
    docs: 'The lock of a named transaction, which lasts until its user gives it back.',
    privileged: true,
    run: (cli, { name }) => lock(cli, name),
  },
  {
    words: 'configure unlock [transaction <name>]',
    docs: 'Gives the lock back.',
    privileged: true,
    run: (cli, { name }) => unlock(cli, name),
  },
]
