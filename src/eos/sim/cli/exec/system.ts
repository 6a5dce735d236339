import { DONE, refused } from '../../platform/reply.ts'
import type { ExecCommand } from '../command/cli-session.ts'

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
