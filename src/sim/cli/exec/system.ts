import type { ExecCommand } from '../exec-command.ts'
import { DONE, refused } from '../reply.ts'

const LOG_LINES = 100

/** Privilege, the terminal, the log, the reboot. */
export const SYSTEM_COMMANDS: readonly ExecCommand[] = [
  {
    words: 'enable [<level>]',
    docs: 'Enters privileged mode; asks for the enable secret where there is one (code 1005 when it is wrong or missing).',
    run: (cli, _args, { input }) => {
      const { enable } = cli.user
      if (!cli.privileged && enable !== undefined && !enable(input ?? '')) {
        return refused(['', 'Cannot authenticate unknown uid 10095'], 1005)
      }
      cli.privileged = true
      return DONE
    },
  },
  {
    words: 'disable',
    docs: 'Leaves privileged mode.',
    run: (cli) => {
      cli.privileged = false
      return DONE
    },
  },
  { words: '(exit|end|logout)', docs: 'Nothing, over eAPI: the CLI ends with the request.', run: () => DONE },
  { words: 'terminal (length|width) <number>', docs: 'Nothing, over eAPI: there is no pager.', run: () => DONE },
  {
    words: 'show logging',
    docs: 'The log buffer, oldest line first; text only.',
    run: ({ device }) => ({ ok: true, text: () => logText(device.syslog.lines()) }),
  },
  {
    words: 'show logging last <count>',
    docs: 'The newest lines of the log buffer; text only.',
    run: ({ device }, { count }) => ({
      ok: true,
      text: () => logText(device.syslog.lines().slice(-Number(count) || -LOG_LINES)),
    }),
  },
  {
    words: 'reload',
    docs: 'Refused over eAPI, because it asks (code 1004).',
    privileged: true,
    run: () =>
      refused(
        "Command not permitted via API access. To reload the switch without confirmation, please use 'reload now' instead",
        1004,
      ),
  },
  {
    words: 'reload (now|force)',
    docs: 'Reboots: startup-config is loaded, pending sessions and the commit timer are gone.',
    privileged: true,
    run: ({ device }) => {
      device.reboot()
      return DONE
    },
  },
]

function logText(lines: readonly string[]): string {
  const head = 'Syslog logging: enabled\nBuffer logging: level debugging\n\nLog Buffer:\n'
  return head + lines.map((line) => `${line}\n`).join('')
}
