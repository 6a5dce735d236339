import type { Command } from '../option/command.ts'

/** The commands of those who drive executions where several machines share a store. */
export const workerCommands: readonly Command[] = [
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
