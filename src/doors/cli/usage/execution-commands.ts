import { target } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'
import { workerCommands } from './worker-commands.ts'

/** The command that serves what runs, and those that read what ran. */
export const executionCommands: readonly Command[] = [
  {
    usage: 'serve',
    summary: 'serve this project to browsers and programs: plan, approve, run, watch and stop, by the same rules',
    example: 'eosflow serve',
    load: () => import('../command/serve.ts'),
  },
  {
    usage: 'mcp',
    summary:
      'serve an agent that has started this command (MCP over stdio): it plans, rehearses and asks, and changes nothing',
    example: 'eosflow mcp',
    load: () => import('../command/mcp.ts'),
  },
  {
    usage: 'executions',
    summary: 'list the changes that ran or are open, newest first, and how each switch ended; dry runs: eosflow plans',
    example: 'eosflow executions -t role:leaf --touched -n 10',
    options: [
      { ...target, description: 'only those about these switches: named as for plan' },
      {
        flags: '--state <state>',
        description: 'only those in this state: succeeded, rolled-back, failed, unknown, refused, open, … (repeatable)',
        repeat: true,
      },
      { flags: '--touched', description: 'only those that sent their change to a switch; with -t to one of these' },
      { flags: '-n, --number <n>', description: 'only the newest n; default 20, with --json all' },
    ],
    load: () => import('../command/executions.ts'),
  },
  {
    usage: 'plans',
    summary: 'list dry runs, and runs that sent nothing because they were refused or had nothing to do; newest first',
    example: 'eosflow plans -t leaf1',
    options: [
      { ...target, description: 'only those about these switches: named as for plan' },
      { flags: '-n, --number <n>', description: 'only the newest n; default 20, with --json all' },
    ],
    load: () => import('../command/plans.ts'),
  },
  {
    usage: 'history <execution>',
    summary: 'list every event of an execution, as recorded',
    example: 'eosflow history @latest',
    load: () => import('../command/history.ts'),
  },
  ...workerCommands,
]
