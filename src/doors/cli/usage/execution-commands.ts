import { target } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'

const workerCommands: readonly Command[] = [
  {
    usage: 'worker',
    summary: 'drive the executions of these sites until it is drained; for a store on PostgreSQL',
    example: 'eosflow worker --site dc1,dc2',
    options: [
      { flags: '--site <names>', description: 'the sites, by the tag `site` of the switches (default: all)' },
      { flags: '--name <name>', description: 'its name on record, `worker:NAME` (default: that of the host)' },
      { flags: '--limit <n>', description: 'so many executions at once for each site (default: 20)' },
    ],
    load: () => import('../command/worker.ts'),
  },
  {
    usage: 'workers',
    summary: 'list the processes that share the store, when each gave its last sign of life, and what it drives',
    example: 'eosflow workers --json',
    load: () => import('../command/workers.ts'),
  },
  {
    usage: 'drain <worker>',
    summary: 'have a worker take nothing more and end when what it drives has ended or rests',
    example: 'eosflow drain 41c0ba51',
    load: () => import('../command/drain.ts'),
  },
]

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
