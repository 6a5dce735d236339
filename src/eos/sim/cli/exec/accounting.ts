import type { ConfigTree } from '../../../config/text/tree.ts'
import type { LoggedCommand } from '../../switch/command-log.ts'
import type { ExecCommand } from '../command/exec-command.ts'

export const ACCOUNTING_COMMANDS: readonly ExecCommand[] = [
  {
    words: 'show aaa accounting logs',
    docs: 'The commands of exec mode, where accounting of commands is configured to log them; ANTA recordings (text).',
    privileged: true,
    run: ({ device }) => ({
      ok: true,
      text: () => (isLogging(device.running) ? device.commandLog.commands().map(line).join('') : ''),
    }),
  },
]

function isLogging(running: ConfigTree) {
  return running.children.some((node) =>
    /^aaa accounting commands \S+ default (?:start-stop|stop-only) (?:.* )?logging\b/.test(node.line),
  )
}

function line({ at, by: { user, from }, privilege, cmd }: LoggedCommand) {
  const [, on = from, address = ''] = /^(\S+) \((.*)\)$/.exec(from) ?? []
  const where = `${user.padEnd(8)} ${on.padEnd(11)} ${address.padEnd(15)}`
  return `${stamp(at)} ${where} stop   service=shell priv-lvl=${privilege} cmd=${cmd}\n`
}

// `2023 May 10 15:50:31`, UTC.
function stamp(at: number) {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? []
  return `${year} ${month} ${day} ${time}`
}
