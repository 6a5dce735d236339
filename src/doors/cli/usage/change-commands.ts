import {
  approveDigest,
  asking,
  breakGlass,
  type CommandTable,
  changeOptions,
  key,
  noWait,
  skipUnreachable,
  target,
} from '../option/command.ts'

const workerCommands: CommandTable = {
  worker: {
    summary: 'drive the executions of these sites until it is drained; for a store on PostgreSQL',
    example: 'eosflow worker --site dc1,dc2',
    options: {
      '--site <names>': 'the sites, by the tag `site` of the switches (default: all)',
      '--name <name>': 'its name on record, `worker:NAME` (default: that of the host)',
      '--limit <n>': 'so many executions at once for each site (default: 20)',
    },
    load: () => import('../command/worker.ts'),
  },
  workers: {
    summary: 'list the processes that share the store, when each gave its last sign of life, and what it drives',
    example: 'eosflow workers --json',
    load: () => import('../command/workers.ts'),
  },
  'drain <worker>': {
    summary: 'have a worker take nothing more and end when what it drives has ended or rests',
    example: 'eosflow drain 41c0ba51',
    load: () => import('../command/drain.ts'),
  },
}

export const changeCommands: CommandTable = {
  'run <workflow-or-plan>': {
    aliases: ['apply'],
    summary: 'make a change: plan, ask for approval, push, verify, then confirm or put the switches back',
    example: 'eosflow run workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE',
    options: {
      ...changeOptions,
      ...target,
      ...skipUnreachable,
      ...noWait,
      ...approveDigest,
      '--approval <file>': { each: 'a signed approval of the plan from another machine (repeatable)' },
      ...breakGlass,
      ...key,
      '--rebase':
        'plan a saved plan again on what its switches run now; its approvals carry if only lines differ that the policy lists',
      ...asking,
    },
    load: () => import('../command/run.ts'),
  },
  'change [line...]': {
    summary: 'make a small change without a file: the lines, as you would type them on the switch, then as run does',
    example: "eosflow change -t leaf1 'interface Ethernet10' 'description uplink to fw1'",
    options: {
      '-t, --target <expr>':
        'the switches: names, globs, tag:value, group:NAME, @FILE, failed:@latest, with commas, and, or, not',
      '--file <file>': 'take the lines from a file; the argument - takes them from standard input',
      '--plan-only': 'show the plan, and change nothing',
      '-o, --out <file>': 'save the plan in a file, to approve and run it later; change nothing',
      '--save <file>': 'also write a change file with its workflow: changes/NAME.yaml',
      ...skipUnreachable,
      ...noWait,
      ...approveDigest,
      ...breakGlass,
      ...key,
      ...asking,
    },
    load: () => import('../command/change.ts'),
  },
  serve: {
    summary: 'serve this project to browsers and programs: plan, approve, run, watch and stop, by the same rules',
    example: 'eosflow serve',
    load: () => import('../command/serve.ts'),
  },
  mcp: {
    summary:
      'serve an agent that has started this command (MCP over stdio): it plans, rehearses and asks, and changes nothing',
    example: 'eosflow mcp',
    load: () => import('../command/mcp.ts'),
  },
  executions: {
    summary: 'list the changes that ran or are open, newest first, and how each switch ended; dry runs: eosflow plans',
    example: 'eosflow executions -t role:leaf --touched -n 10',
    options: {
      '-t, --target <expr>': 'only those about these switches: named as for plan',
      '--state <state>': {
        each: 'only those in this state: succeeded, rolled-back, failed, unknown, refused, open, … (repeatable)',
      },
      '--touched': 'only those that sent their change to a switch; with -t to one of these',
      '-n, --number <n>': 'only the newest n; default 20, with --json all',
    },
    load: () => import('../command/executions.ts'),
  },
  plans: {
    summary: 'list dry runs, and runs that sent nothing because they were refused or had nothing to do; newest first',
    example: 'eosflow plans -t leaf1',
    options: {
      '-t, --target <expr>': 'only those about these switches: named as for plan',
      '-n, --number <n>': 'only the newest n; default 20, with --json all',
    },
    load: () => import('../command/plans.ts'),
  },
  'history <execution>': {
    summary: 'list every event of an execution, as recorded',
    example: 'eosflow history @latest',
    load: () => import('../command/history.ts'),
  },
  ...workerCommands,
}
