import { DONE, refused, said } from '../../platform/facts.ts'
import { type CliSession, type ExecCommand, sessionAct } from '../command/session-verbs.ts'

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
  // Keeps every other CLI out of config modes and sessions until it is given back or this CLI ends.
  {
    words: 'configure lock',
    privileged: true,
    run: (cli) => lock(cli),
  },
  // The lock of a named transaction, which lasts until its user gives it back.
  {
    words: 'configure lock transaction <name> [<reason...>]',
    privileged: true,
    run: (cli, { name }) => lock(cli, name),
  },
  // Gives the lock back.
  {
    words: 'configure unlock [transaction <name>]',
    privileged: true,
    run: (cli, { name }) => unlock(cli, name),
  },
]

function act(cli: CliSession, name: string, words: readonly string[]) {
  return sessionAct(cli, name, words)?.() ?? refused(`Invalid input (at token 5: '${words[2] ?? ''}')`, 1002)
}

function save({ device }: CliSession) {
  device.config.save(device.now)
  return said('Copy completed successfully.')
}

function replace(cli: CliSession, source: string) {
  const tree = cli.device.config.source(source)
  if (tree === undefined) return refused(`Error opening ${source} (No such file or directory)`)
  return cli.device.replace(tree, source, cli.user) ?? DONE
}

/** The commands that open, end and list config sessions and checkpoints, and `configure replace` (docs/eos.md 2.1). */
export const CONFIGURE_COMMANDS: readonly ExecCommand[] = [
  // Enters config mode: every line is live at once.
  {
    words: 'configure [terminal]',
    privileged: true,
    run: (cli) => cli.enterConfig(),
  },
  // Creates a config session from running-config, or resumes it.
  {
    words: 'configure session [<name>]',
    privileged: true,
    run: (cli, { name }) => cli.enterSession(name),
  },
  // Commits a session from exec mode; on an armed session this is the confirm.
  {
    words: 'configure session <name> commit',
    privileged: true,
    run: (cli, { name = '' }) => act(cli, name, ['commit']),
  },
  // Commits a session under a timer from exec mode (EOS 4.18 and later).
  {
    words: 'configure session <name> commit timer <time>',
    privileged: true,
    run: (cli, { name = '', time = '' }) => act(cli, name, ['commit', 'timer', time]),
  },
  // Aborts a session from exec mode; an armed one is rolled back at once.
  {
    words: 'configure session <name> abort',
    privileged: true,
    run: (cli, { name = '' }) => act(cli, name, ['abort']),
  },
  // Deletes a session, whatever its state.
  {
    words: 'no configure session <name>',
    privileged: true,
    run: (cli, { name = '' }) => cli.device.sessions.forget(name, cli.user),
  },
  // Saves running-config as a named checkpoint.
  {
    words: 'configure checkpoint save <name>',
    privileged: true,
    run: (cli, { name = '' }) => {
      cli.device.config.checkpoint(name, cli.user.user, cli.device.now)
      return DONE
    },
  },
  // Replaces running-config by a checkpoint at once, without a timer.
  {
    words: 'configure checkpoint restore <name>',
    privileged: true,
    run: (cli, { name = '' }) => replace(cli, `checkpoint:${name}`),
  },
  // Replaces running-config at once; a checkpoint of the old one is kept unless skipped [I].
  {
    words: 'configure replace <source> [(ignore-errors|skip-checkpoint|best-effort|force)]',
    privileged: true,
    run: (cli, { source = '' }, { cmd }) => {
      if (cli.device.config.source(source) !== undefined && !cmd.endsWith('skip-checkpoint')) {
        cli.device.config.checkpoint(undefined, cli.user.user, cli.device.now)
      }
      return replace(cli, source)
    },
  },
  // Deletes a checkpoint or a file on flash.
  {
    words: 'delete <file>',
    privileged: true,
    run: (cli, { file = '' }) => {
      const checkpoint = /^checkpoint:\/*(.+)$/.exec(file)?.[1]
      const gone =
        checkpoint === undefined
          ? cli.device.config.files.delete(file.replace(/^flash:\/*/, ''))
          : cli.device.config.checkpoints.delete(checkpoint)
      return gone ? DONE : refused(`Error deleting ${file} (No such file or directory)`)
    },
  },
  // Renames a configuration on flash.
  {
    words: 'rename <from> <to>',
    privileged: true,
    run: (cli, { from = '', to = '' }) => {
      const [old, name] = [from, to].map((file) => file.replace(/^flash:\/*/, ''))
      return cli.device.config.rename(old ?? '', name ?? '')
        ? DONE
        : refused(`Error renaming ${from} (No such file or directory)`)
    },
  },
  // Saves running-config.
  {
    words: 'copy running-config startup-config',
    privileged: true,
    run: save,
  },
  // Saves running-config.
  { words: 'write [memory]', privileged: true, run: save },
  // Copies a configuration to a checkpoint or to flash.
  {
    words: 'copy <source> <target>',
    privileged: true,
    run: (cli, { source = '', target = '' }) => copy(cli, source, target),
  },
]

function copy(cli: CliSession, source: string, target: string) {
  const { device } = cli
  const tree = device.config.source(source)
  if (tree === undefined) return refused(`Error copying ${source} to ${target} (No such file or directory)`)
  const checkpoint = /^checkpoint:\/*(.+)$/.exec(target)?.[1]
  if (checkpoint !== undefined) {
    device.config.checkpoint(checkpoint, cli.user.user, device.now, tree)
  } else if (target.startsWith('flash:')) device.config.files.set(target.replace(/^flash:\/*/, ''), tree)
  else return refused(`Invalid input (at token 2: '${target}')`, 1002)
  return said('Copy completed successfully.')
}
