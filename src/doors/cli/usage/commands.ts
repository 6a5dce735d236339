import {
  against,
  approveDigest,
  asking,
  breakGlass,
  type Command,
  type CommandTable,
  changeOptions,
  key,
  noWait,
  optionsOf,
  restored,
  skipUnreachable,
  target,
} from '../option/command.ts'
import { auditCommands } from './audit-commands.ts'
import { keyCommands } from './key-commands.ts'
import { planCommands } from './plan-commands.ts'
import { policyCommands } from './policy-commands.ts'
import { readingCommands } from './reading-commands.ts'
import { simulatedCommands } from './simulated-commands.ts'
import { startCommands } from './start-commands.ts'
import { switchCommands } from './switch-commands.ts'

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

const changeCommands: CommandTable = {
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

const TABLE: CommandTable = {
  ...startCommands,
  ...planCommands,
  ...changeCommands,
  'resume [execution]': {
    summary: 'continue an execution after a crash or an approval; every switch is first asked for its state',
    example: 'eosflow resume',
    options: { ...asking, ...restored },
    load: () => import('../command/resume.ts'),
  },
  'watch <execution>': {
    summary: 'follow an execution that another process runs, until it ends or waits for somebody',
    example: 'eosflow watch @latest',
    load: () => import('../command/watch.ts'),
  },
  'stop [execution]': {
    summary: 'end an execution at its next safe point; every touched switch is put back and read back',
    example: 'eosflow stop @latest --reason "wrong window"',
    options: {
      '--all': 'stop every open execution of the store; the exit code is the gravest of theirs',
      '--reason <text>': 'why; it is on record',
      ...restored,
    },
    load: () => import('../command/stop.ts'),
  },
  'suspend <execution>': {
    summary: 'pause an execution at its next safe point; nothing is undone, and `resume` goes on with it',
    example: 'eosflow suspend @latest --reason "shift ends"',
    options: { '--reason <text>': 'why; it is on record' },
    load: () => import('../command/suspend.ts'),
  },
  freeze: {
    summary: 'let no new change begin for a time; what runs goes on to its end',
    example: 'eosflow freeze --reason "INC-4711: core is unstable" --for 4h',
    options: {
      '--reason <text>': 'why; it is on record',
      '--for <duration>': 'for how long: 30m, 4h, at most 7d (default: 8h)',
      '--until <time>': 'until when instead, ISO 8601 with its zone',
    },
    load: () => import('../command/freeze.ts'),
  },
  'unfreeze [number]': {
    summary: 'end a freeze before its time; the freezes of the policy stay',
    example: 'eosflow unfreeze --reason "INC-4711 is solved"',
    options: {
      '--reason <text>': 'why; it is on record',
      '--all': 'end every freeze that is in force',
    },
    load: () => import('../command/unfreeze.ts'),
  },
  'redrive <execution>': {
    summary: 'start a failed execution again from where it failed; what was put back is done again',
    example: 'eosflow redrive @latest',
    options: asking,
    load: () => import('../command/redrive.ts'),
  },
  'rollback [execution]': {
    summary:
      'undo a finished change: plan its inverse on the switches as they are now, and make that like any other change',
    example: 'eosflow rollback @latest',
    options: {
      ...target,
      ...noWait,
      '--anew': 'plan it anew, also where an undo was approved with the change',
      ...approveDigest,
      ...asking,
    },
    load: () => import('../command/rollback.ts'),
  },
  drift: {
    summary: 'show which switches differ from their last confirmed configuration, and in which lines',
    example: 'eosflow drift -t role:leaf',
    options: { ...target, ...against, '--detailed-exitcode': 'exit 2 when a switch differs' },
    load: () => import('../command/drift.ts'),
  },
  recover: {
    summary:
      'when the store is lost: find the sessions, commit timers and checkpoints that eosflow left on the switches',
    example: 'eosflow recover --scan',
    options: {
      ...target,
      '--scan': 'ask every switch; nothing is changed without --abort or your yes',
      '--abort <session>': { each: 'end this session of eosflow, by its name (repeatable)' },
    },
    load: () => import('../command/recover.ts'),
  },
  'signal [token]': {
    summary: 'answer for an outside system that an execution waits for: its task is done, has failed, or still goes on',
    example: `eosflow signal eosflow-task-… --output '{"ticket": "CHG-1234"}'`,
    options: {
      '--output <json>': 'the task is done; the JSON is the output of the state',
      '--error <name>': 'the task failed; Retry and Catch of the state see this name',
      '--cause <text>': 'the task failed; the reason',
      '--heartbeat': 'the task still goes on; HeartbeatSeconds begins again',
    },
    load: () => import('../command/signal.ts'),
  },
  ...readingCommands,
  ...switchCommands,
  ...policyCommands,
  ...auditCommands,
  ...keyCommands,
  ...simulatedCommands,
}

/** Every command, in the order in which `eosflow --help` lists them. */
export const commands: readonly Command[] = Object.entries(TABLE).map(([usage, { options = {}, ...command }]) => ({
  ...command,
  usage,
  options: optionsOf(options),
}))
