import {
  against,
  approveDigest,
  asking,
  type Command,
  type CommandTable,
  noWait,
  optionsOf,
  restored,
  target,
} from '../option/command.ts'
import { auditCommands } from './audit-commands.ts'
import { changeCommands } from './change-commands.ts'
import { keyCommands } from './key-commands.ts'
import { planCommands } from './plan-commands.ts'
import { policyCommands } from './policy-commands.ts'
import { readingCommands } from './reading-commands.ts'
import { simulatedCommands } from './simulated-commands.ts'
import { startCommands } from './start-commands.ts'
import { switchCommands } from './switch-commands.ts'

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
