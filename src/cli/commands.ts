import { decisionOptions, trustFile } from './approval/decision-options.ts'
import { auditCommands } from './audit/audit-commands.ts'
import { changeOptions, skipUnreachable, target } from './change-options.ts'
import { checkCommands } from './check/check-commands.ts'
import type { Command, CommandOption } from './command.ts'
import { executionCommands } from './execution-commands.ts'
import { fileCommands } from './file-commands.ts'
import { keyCommands } from './key-commands.ts'
import { policyCommands } from './policy/policy-commands.ts'
import { simulatedCommands } from './simulated-commands.ts'
import { snapshotCommands } from './snapshot-commands.ts'
import { storeCommands } from './store-commands.ts'
import { switchCommands } from './switch-commands.ts'

const detach: CommandOption = {
  flags: '--detach',
  description: 'do not ask and do not wait: exit 12 when an approval or an answer is needed',
}

const issuer: CommandOption = {
  flags: '--issuer <name>',
  description: 'the identity provider, by its name in eosflow.yaml',
}

/** Every command, in the order in which `eosflow --help` lists them. */
export const commands: readonly Command[] = [
  {
    usage: 'init [dir]',
    summary: 'scaffold a project with a workflow and a simulated fabric; it runs as it is',
    example: 'eosflow init my-network',
    load: () => import('./command/init.ts'),
  },
  {
    usage: 'demo',
    summary: 'run the flagship change on six simulated switches, then one that fails and is rolled back',
    example: 'eosflow demo',
    load: () => import('./command/demo.ts'),
  },
  {
    usage: 'validate [file...]',
    summary: 'check workflows and inventory: every problem at once, with its place and how to fix it',
    example: 'eosflow validate workflows/add-vlan.yaml',
    options: [
      ...changeOptions,
      { flags: '--graph <format>', description: 'draw the state machine of one file: mermaid or dot' },
    ],
    load: () => import('./command/validate.ts'),
  },
  {
    usage: 'schema <name>',
    summary: 'print the JSON Schema of a file format, for editors',
    example: 'eosflow schema workflow > workflow.schema.json',
    load: () => import('./command/schema.ts'),
  },
  {
    usage: 'plan <workflow>',
    summary: 'dry run: the exact diff of each switch, computed by the switch',
    example: 'eosflow plan workflows/add-vlan.yaml -p vlan=120 -p label=TENANT-A -o vlan120.plan',
    options: [
      ...changeOptions,
      target,
      skipUnreachable,
      { flags: '-o, --out <file>', description: 'keep the plan in a file' },
      { flags: '--offline [source]', description: 'compute it without a switch, from a fabric folder or a snapshot' },
      { flags: '--markdown', description: 'print the plan for a pull request' },
      { flags: '--detailed-exitcode', description: 'exit 2 when the plan has changes' },
    ],
    load: () => import('./command/plan.ts'),
  },
  {
    usage: 'show <plan-or-execution>',
    summary: 'the same view from a plan file or the record alone',
    example: 'eosflow show @latest',
    options: [
      { flags: '--markdown', description: 'print it for a pull request' },
      trustFile,
      { flags: '--at <seq>', description: 'the execution as it was at this record of its history, and what came next' },
      { flags: '--tokens', description: 'the task tokens that the execution waits for; each is a password' },
    ],
    load: () => import('./command/show.ts'),
  },
  {
    usage: 'approve [plan-or-execution]',
    summary: 'approve a plan, bound to its digest',
    example: 'eosflow approve vlan120.plan --comment "CHG-1234"',
    options: [
      ...decisionOptions,
      {
        flags: '--digest <digest>',
        description: 'the digest that was reviewed; a person at a terminal is asked instead',
      },
      { flags: '--runs <n>', description: 'how many executions may use the approval (default: 1)' },
    ],
    load: () => import('./command/approve.ts'),
  },
  {
    usage: 'reject [plan-or-execution]',
    summary: 'reject a plan; a rejection is final',
    example: 'eosflow reject vlan120.plan --comment "wrong VLAN"',
    options: decisionOptions,
    load: () => import('./command/reject.ts'),
  },
  {
    usage: 'approval key',
    summary: 'the line that makes another machine trust the decisions that this installation signs',
    example: 'eosflow approval key >> trust/allowed_signers',
    load: () => import('./command/approval-key.ts'),
  },
  {
    usage: 'run <workflow-or-plan>',
    aliases: ['apply'],
    summary: 'plan, approval, push, verify, then confirm or roll back',
    example: 'eosflow run workflows/add-vlan.yaml -p vlan=120 -p label=TENANT-A',
    options: [
      ...changeOptions,
      target,
      skipUnreachable,
      { flags: '--approve <digest>', description: 'approve this plan digest as the caller; another digest is refused' },
      {
        flags: '--approval <file>',
        description: 'a signed approval of the plan from another machine (repeatable)',
        repeat: true,
      },
      {
        flags: '--break-glass <ticket>',
        description: 'in an emergency: go past approvals and windows as far as the policy allows; it is on record',
      },
      {
        flags: '--key <key>',
        description: 'run it once: the same change with the same key returns the first execution and its outcome',
      },
      detach,
    ],
    load: () => import('./command/run.ts'),
  },
  ...executionCommands,
  {
    usage: 'resume [execution]',
    summary: 'continue after a crash or an approval: every switch is asked for its state first',
    example: 'eosflow resume',
    options: [detach],
    load: () => import('./command/resume.ts'),
  },
  {
    usage: 'watch <execution>',
    summary: 'follow an execution that another process runs, until it ends or waits for somebody',
    example: 'eosflow watch @latest',
    load: () => import('./command/watch.ts'),
  },
  {
    usage: 'stop [execution]',
    summary: 'end an execution at its next safe point; every touched switch is put back and read back',
    example: 'eosflow stop @latest --reason "wrong window"',
    options: [
      { flags: '--all', description: 'every open execution of the store; the exit code is the gravest of theirs' },
      { flags: '--reason <text>', description: 'why; it is on record' },
    ],
    load: () => import('./command/stop.ts'),
  },
  {
    usage: 'suspend <execution>',
    summary: 'have an execution rest at its next safe point; nothing is undone, and `resume` goes on with it',
    example: 'eosflow suspend @latest --reason "shift ends"',
    options: [{ flags: '--reason <text>', description: 'why; it is on record' }],
    load: () => import('./command/suspend.ts'),
  },
  {
    usage: 'redrive <execution>',
    summary: 'start a failed execution again from where it failed; what was put back is compared and done again',
    example: 'eosflow redrive @latest',
    options: [detach],
    load: () => import('./command/redrive.ts'),
  },
  {
    usage: 'rollback <execution>',
    summary:
      'undo a finished change: plan its inverse on the switches as they are now, and make it like any other change',
    example: 'eosflow rollback @latest',
    options: [
      target,
      { flags: '--approve <digest>', description: 'approve this plan digest as the caller; another digest is refused' },
      detach,
    ],
    load: () => import('./command/rollback.ts'),
  },
  {
    usage: 'drift',
    summary: 'which switches differ from their last confirmed configuration, and in what',
    example: 'eosflow drift -t role:leaf',
    options: [target, { flags: '--detailed-exitcode', description: 'exit 2 when a switch differs' }],
    load: () => import('./command/drift.ts'),
  },
  {
    usage: 'recover',
    summary:
      'when the store is lost: find the sessions, commit timers and checkpoints that eosflow left on the switches',
    example: 'eosflow recover --scan',
    options: [
      target,
      { flags: '--scan', description: 'ask every switch; nothing is changed unless you say so' },
      {
        flags: '--abort <session>',
        description: 'end this session of eosflow, by its name (repeatable)',
        repeat: true,
      },
    ],
    load: () => import('./command/recover.ts'),
  },
  {
    usage: 'signal [token]',
    summary: 'answer a state that waits for an outside system: the task is done, has failed, or still goes on',
    example: `eosflow signal eosflow-task-… --output '{"ticket": "CHG-1234"}'`,
    options: [
      { flags: '--output <json>', description: 'it is done, and this is the output of the state' },
      { flags: '--error <name>', description: 'it failed, and this is what Retry and Catch call it' },
      { flags: '--cause <text>', description: 'it failed, and this is why' },
      { flags: '--heartbeat', description: 'it still goes on' },
    ],
    load: () => import('./command/signal.ts'),
  },
  ...snapshotCommands,
  ...checkCommands,
  {
    usage: 'record',
    summary: 'record switches as a fabric folder for the simulator; secrets are replaced by invented ones',
    example: 'eosflow record -t role:leaf -o fabrics/recorded',
    options: [
      target,
      { flags: '-o, --out <dir>', description: 'the folder to make' },
      {
        flags: '--command <command>',
        description: 'a show command to record besides those that checks ask (repeatable)',
        repeat: true,
      },
      { flags: '--anonymize', description: 'replace names, addresses and descriptions as well' },
    ],
    load: () => import('./command/record.ts'),
  },
  ...switchCommands,
  ...policyCommands,
  ...auditCommands,
  ...keyCommands,
  ...storeCommands,
  ...simulatedCommands,
  {
    usage: 'login',
    summary: 'log in at an identity provider; the commands that follow act as you',
    example: 'eosflow login --device',
    options: [
      {
        flags: '--device',
        description: 'show a code to type in a browser anywhere, instead of using one on this machine',
      },
      issuer,
    ],
    load: () => import('./command/login.ts'),
  },
  {
    usage: 'logout',
    summary: 'forget the logins of this project, here and at the identity provider where it offers that',
    example: 'eosflow logout',
    options: [issuer],
    load: () => import('./command/logout.ts'),
  },
  {
    usage: 'whoami',
    summary: 'who you are for eosflow, and who has verified that',
    example: 'eosflow whoami --json',
    load: () => import('./command/whoami.ts'),
  },
  {
    usage: 'doctor',
    summary: 'check installation, store, credentials and switches, and say how to fix what is wrong',
    example: 'eosflow doctor -t role:leaf',
    options: [
      target,
      {
        flags: '--prove <what>',
        description:
          'test on switches marked `lab: true` what works on their EOS version, and put everything back: replay,lock',
      },
      { flags: '--rights', description: 'print every command that eosflow sends, for an AAA role; asks nobody' },
    ],
    load: () => import('./command/doctor.ts'),
  },
  ...fileCommands,
]
