import {
  against,
  approveDigest,
  asking,
  breakGlass,
  changeOptions,
  format,
  key,
  maxBytes,
  noWait,
  restored,
  skipUnreachable,
  target,
} from '../option/change-options.ts'
import type { Command, CommandOption } from '../option/command.ts'
import { auditCommands } from './audit-commands.ts'
import { changeCommand } from './change-command.ts'
import { checkCommands } from './check-commands.ts'
import { configurationCommands } from './configuration-commands.ts'
import { decisionOptions, reviewOptions, trustFile } from './decision-options.ts'
import { executionCommands } from './execution-commands.ts'
import { fileCommands } from './file-commands.ts'
import { forgeCommands } from './forge-commands.ts'
import { inventoryCommands } from './inventory-commands.ts'
import { keyCommands } from './key-commands.ts'
import { planCommands } from './plan-commands.ts'
import { policyCommands } from './policy-commands.ts'
import { scheduleCommands } from './schedule-commands.ts'
import { simulatedCommands } from './simulated-commands.ts'
import { snapshotCommands } from './snapshot-commands.ts'
import { stopCommands } from './stop-commands.ts'
import { switchCommands } from './switch-commands.ts'
import { typingCommands } from './typing-commands.ts'

const issuer: CommandOption = {
  flags: '--issuer <name>',
  description: 'the identity provider, by its name in eosflow.yaml',
}

/** Every command, in the order in which `eosflow --help` lists them. */
export const commands: readonly Command[] = [
  {
    usage: 'init [dir]',
    summary: 'make a project with a workflow, its test and a simulated fabric; it works without further changes',
    example: 'eosflow init my-network',
    options: [
      {
        flags: '--from <kind>',
        description:
          'make a project here that reads what is in dir: ansible (an inventory and its playbooks), avd (an inventory and its configurations)',
      },
      { flags: '--partial', description: 'leave hosts of an inventory out that are no switches' },
      {
        flags: '--workflow <name>',
        description:
          'add a workflow that is shipped to the project that is here: port-description, vlan-access, ntp (repeatable)',
        repeat: true,
      },
    ],
    load: () => import('../command/init.ts'),
  },
  {
    usage: 'demo [incident]',
    summary:
      'make one change on six simulated switches, then a second one that fails and is rolled back; or the change behind a public outage',
    example: 'eosflow demo',
    options: [{ flags: '--serve', description: 'show both in the control room, in a browser, until you end it' }],
    load: () => import('../command/demo.ts'),
  },
  {
    usage: 'validate [file...]',
    summary:
      'check workflows, catalogs and the inventory, and report every problem at once, with its place and how to fix it',
    example: 'eosflow validate workflows/add-vlan.yaml',
    options: [
      ...changeOptions,
      { flags: '--graph <format>', description: 'draw the state machine of one workflow instead: mermaid or dot' },
      format,
    ],
    load: () => import('../command/validate.ts'),
  },
  ...inventoryCommands,
  ...typingCommands,
  ...planCommands,
  ...forgeCommands,
  {
    usage: 'show <plan-or-execution>',
    summary: 'show a saved plan, or an execution from the record; no switch is asked',
    example: 'eosflow show @latest',
    options: [
      { flags: '--markdown', description: 'print it for a pull request' },
      maxBytes,
      trustFile,
      { flags: '--at <seq>', description: 'show the execution as it was at this record, and what came next' },
      { flags: '--tokens', description: 'also print the task tokens that the execution waits for; each is a password' },
      { flags: '--html <file>', description: 'write the signed record of the change as one page; - prints it' },
    ],
    load: () => import('../command/show.ts'),
  },
  {
    usage: 'approve [plan-or-execution]',
    summary: 'approve a plan; the approval is bound to the digest of the plan',
    example: 'eosflow approve vlan140.plan --comment "CHG-1234"',
    options: [
      ...decisionOptions,
      { flags: '--runs <n>', description: 'how many executions may use the approval (default: 1)' },
      ...reviewOptions,
      {
        flags: '--with-undo <time>',
        description:
          'also approve the undo of this change, for so long (1m to 7d): eosflow rollback then asks for no approval',
      },
    ],
    load: () => import('../command/approve.ts'),
  },
  {
    usage: 'reject [plan-or-execution]',
    summary: 'reject a plan; a rejection is final',
    example: 'eosflow reject vlan140.plan --comment "wrong VLAN"',
    options: decisionOptions,
    load: () => import('../command/reject.ts'),
  },
  {
    usage: 'approval key',
    summary: 'print the line with which another machine trusts the decisions that this installation signs',
    example: 'eosflow approval key >> trust/allowed_signers',
    load: () => import('../command/approval-key.ts'),
  },
  {
    usage: 'run <workflow-or-plan>',
    aliases: ['apply'],
    summary: 'make a change: plan, ask for approval, push, verify, then confirm or put the switches back',
    example: 'eosflow run workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE',
    options: [
      ...changeOptions,
      target,
      skipUnreachable,
      noWait,
      approveDigest,
      {
        flags: '--approval <file>',
        description: 'a signed approval of the plan from another machine (repeatable)',
        repeat: true,
      },
      breakGlass,
      key,
      {
        flags: '--rebase',
        description:
          'plan a saved plan again on what its switches run now; its approvals carry if only lines differ that the policy lists',
      },
      ...asking,
    ],
    load: () => import('../command/run.ts'),
  },
  changeCommand,
  ...executionCommands,
  {
    usage: 'resume [execution]',
    summary: 'continue an execution after a crash or an approval; every switch is first asked for its state',
    example: 'eosflow resume',
    options: [...asking, restored],
    load: () => import('../command/resume.ts'),
  },
  {
    usage: 'watch <execution>',
    summary: 'follow an execution that another process runs, until it ends or waits for somebody',
    example: 'eosflow watch @latest',
    load: () => import('../command/watch.ts'),
  },
  ...stopCommands,
  {
    usage: 'redrive <execution>',
    summary: 'start a failed execution again from where it failed; what was put back is done again',
    example: 'eosflow redrive @latest',
    options: asking,
    load: () => import('../command/redrive.ts'),
  },
  {
    usage: 'rollback [execution]',
    summary:
      'undo a finished change: plan its inverse on the switches as they are now, and make that like any other change',
    example: 'eosflow rollback @latest',
    options: [
      target,
      noWait,
      {
        flags: '--anew',
        description: 'plan it anew, also where an undo was approved with the change',
      },
      approveDigest,
      ...asking,
    ],
    load: () => import('../command/rollback.ts'),
  },
  {
    usage: 'drift',
    summary: 'show which switches differ from their last confirmed configuration, and in which lines',
    example: 'eosflow drift -t role:leaf',
    options: [target, ...against, { flags: '--detailed-exitcode', description: 'exit 2 when a switch differs' }],
    load: () => import('../command/drift.ts'),
  },
  {
    usage: 'recover',
    summary:
      'when the store is lost: find the sessions, commit timers and checkpoints that eosflow left on the switches',
    example: 'eosflow recover --scan',
    options: [
      target,
      { flags: '--scan', description: 'ask every switch; nothing is changed without --abort or your yes' },
      {
        flags: '--abort <session>',
        description: 'end this session of eosflow, by its name (repeatable)',
        repeat: true,
      },
    ],
    load: () => import('../command/recover.ts'),
  },
  {
    usage: 'signal [token]',
    summary: 'answer for an outside system that an execution waits for: its task is done, has failed, or still goes on',
    example: `eosflow signal eosflow-task-… --output '{"ticket": "CHG-1234"}'`,
    options: [
      { flags: '--output <json>', description: 'the task is done; the JSON is the output of the state' },
      { flags: '--error <name>', description: 'the task failed; Retry and Catch of the state see this name' },
      { flags: '--cause <text>', description: 'the task failed; the reason' },
      { flags: '--heartbeat', description: 'the task still goes on; HeartbeatSeconds begins again' },
    ],
    load: () => import('../command/signal.ts'),
  },
  ...snapshotCommands,
  ...checkCommands,
  {
    usage: 'record',
    summary: 'read switches and write a fabric folder for the simulator; secrets are replaced by invented ones',
    example: 'eosflow record -t role:leaf -o fabrics/recorded',
    options: [
      target,
      { flags: '-o, --out <dir>', description: 'the folder to write: a new one, or an empty one' },
      {
        flags: '--command <command>',
        description: 'a show command to record in addition to those that checks send (repeatable)',
        repeat: true,
      },
      { flags: '--anonymize', description: 'also replace names, addresses, serial numbers and descriptions' },
    ],
    load: () => import('../command/record.ts'),
  },
  ...switchCommands,
  ...configurationCommands,
  ...policyCommands,
  ...auditCommands,
  ...scheduleCommands,
  ...keyCommands,
  ...simulatedCommands,
  {
    usage: 'login',
    summary: 'log in at an identity provider; later commands act as you',
    example: 'eosflow login --device',
    options: [
      {
        flags: '--device',
        description: 'print a code that you type in a browser on any machine, instead of opening one here',
      },
      issuer,
    ],
    load: () => import('../command/login.ts'),
  },
  {
    usage: 'logout',
    summary: 'delete the logins of this project, here and, where it offers that, at the identity provider',
    example: 'eosflow logout',
    options: [issuer],
    load: () => import('../command/logout.ts'),
  },
  {
    usage: 'whoami',
    summary: 'show who you are for eosflow, and who has verified that',
    example: 'eosflow whoami --json',
    load: () => import('../command/whoami.ts'),
  },
  ...fileCommands,
]
