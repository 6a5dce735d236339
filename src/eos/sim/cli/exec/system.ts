import { DONE, refused } from '../../platform/facts.ts'
import type { ExecCommand } from '../command/session-verbs.ts'

export const SYSTEM_COMMANDS: readonly ExecCommand[] = [
  // Enters privileged mode; asks for the enable secret where there is one (code 1005 when it is wrong or missing).
  {
    words: 'enable [<level>]',
    run: (cli, _args, { input }) => {
      const { enable } = cli.user
      if (!cli.privileged && enable !== undefined && !enable(input ?? '')) {
        return refused(['', 'Cannot authenticate unknown uid 10095'], 1005)
      }
      cli.privileged = true
      return DONE
    },
  },
  // Leaves privileged mode.
  {
    words: 'disable',
    run: (cli) => {
      cli.privileged = false
      return DONE
    },
  },
  // Nothing, over eAPI: the CLI ends with the request.
  { words: '(exit|end|logout)', run: () => DONE },
  // Nothing, over eAPI: there is no pager.
  { words: 'terminal (length|width) <number>', run: () => DONE },
  // Refused over eAPI, because it asks (code 1004).
  {
    words: 'reload',
    privileged: true,
    run: () =>
      refused(
        "Command not permitted via API access. To reload the switch without confirmation, please use 'reload now' instead",
        1004,
      ),
  },
  // Reboots: startup-config is loaded, pending sessions and the commit timer are gone.
  {
    words: 'reload (now|force)',
    privileged: true,
    run: ({ device }) => {
      device.reboot()
      return DONE
    },
  },
]
