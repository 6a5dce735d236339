import { forgeOptions } from '../forge/forge-options.ts'
import {
  type CommandTable,
  changeOptions,
  details,
  maxBytes,
  type OptionTable,
  skipUnreachable,
  target,
} from '../option/command.ts'

const trustFile: OptionTable = {
  '--trust <file>':
    "a file with the public keys that are trusted to seal plans; default: the project's trust/allowed_signers",
}

// What `approve` and `reject` have in common.
const decisionOptions: OptionTable = {
  ...details,
  '--digest <digest>': 'the digest that you reviewed: refuse a plan with another one',
  '--comment <text>': 'why; it is put on record',
  '--key <file>': 'sign with this SSH key; a public key file selects a key in the SSH agent',
  '--ssh-agent': 'sign with the key in the SSH agent',
  '-o, --out <file>': 'write the signed decision for another machine, and put nothing on record',
  ...trustFile,
  '--import <file>': 'put a signed decision from another machine on record',
}

const reviewOptions: OptionTable = {
  '--from-review <forge>': 'take the reviews of a pull request as approvals: github or gitlab',
  '--pr <number>': 'the pull request of GitHub, with --from-review',
  '--mr <number>': 'the merge request of GitLab, with --from-review',
  '--merged <commit>': 'the pull request by the commit that its merge has made, with --from-review',
  '--base <branch>': 'the branch that it must go into; default: the default branch of the repository',
  ...forgeOptions,
}

const shown: OptionTable = {
  '--merged <commit>': 'the same by the commit that its merge has made',
  '--plan <plan>': 'the plan to show: a saved one, or the execution that has made it',
  '--text <file>': 'a file of Markdown to show instead, such as a report',
  ...forgeOptions,
}

export const planCommands: CommandTable = {
  'plan [workflow]': {
    summary: 'dry run: show the exact diff of each switch, computed by the switch; nothing is changed',
    example: 'eosflow plan workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE -o vlan140.plan',
    options: {
      ...changeOptions,
      ...target,
      ...skipUnreachable,
      '-o, --out <file>': 'save the plan in a file, to approve and run it later',
      '--offline [source]': 'compute the plan without a switch, from a fabric folder or a snapshot',
      '--changed <range>': 'plan every change file that these commits add or edit; -o is a folder then',
      '--netbox-branch <name>': 'read the NetBox of the inventory from this branch of it',
      ...details,
      '--markdown': 'print the plan for a pull request',
      ...maxBytes,
      '--detailed-exitcode': 'exit 2 when the plan has changes',
    },
    load: () => import('../command/plan.ts'),
  },
  'plan queue': {
    summary:
      'show the approved plans and the open changes in order, for each switch, and which are in conflict; no switch is asked',
    example: 'eosflow plan queue -t leaf1',
    options: { '-t, --target <expr>': 'only the plans that change these switches: named as for plan' },
    load: () => import('../command/plan-queue.ts'),
  },
  'comment github': {
    summary: 'show a plan as a comment on a pull request of GitHub, in place of the one that was there',
    example: 'eosflow comment github --pr 7 --plan vlan140.plan',
    options: { '--pr <number>': 'the pull request, by its number', ...shown },
    load: () => import('../command/comment-github.ts'),
  },
  'comment gitlab': {
    summary: 'show a plan as a comment on a merge request of GitLab, in place of the one that was there',
    example: 'eosflow comment gitlab --mr 7 --plan vlan140.plan',
    options: { '--mr <number>': 'the merge request, by its number', ...shown },
    load: () => import('../command/comment-gitlab.ts'),
  },
  'ci init <forge>': {
    summary:
      'write pipelines that plan, apply what was reviewed, and look at night: github, gitlab; or a hook: pre-commit',
    example: 'eosflow ci init github',
    load: () => import('../command/ci-init.ts'),
  },
  'show <plan-or-execution>': {
    summary: 'show a saved plan, or an execution from the record; no switch is asked',
    example: 'eosflow show @latest',
    options: {
      '--markdown': 'print it for a pull request',
      ...maxBytes,
      ...trustFile,
      '--at <seq>': 'show the execution as it was at this record, and what came next',
      '--tokens': 'also print the task tokens that the execution waits for; each is a password',
      '--html <file>': 'write the signed record of the change as one page; - prints it',
    },
    load: () => import('../command/show.ts'),
  },
  'approve [plan-or-execution]': {
    summary: 'approve a plan; the approval is bound to the digest of the plan',
    example: 'eosflow approve vlan140.plan --comment "CHG-1234"',
    options: {
      ...decisionOptions,
      '--runs <n>': 'how many executions may use the approval (default: 1)',
      ...reviewOptions,
      '--with-undo <time>':
        'also approve the undo of this change, for so long (1m to 7d): eosflow rollback then asks for no approval',
    },
    load: () => import('../command/approve.ts'),
  },
  'reject [plan-or-execution]': {
    summary: 'reject a plan; a rejection is final',
    example: 'eosflow reject vlan140.plan --comment "wrong VLAN"',
    options: decisionOptions,
    load: () => import('../command/reject.ts'),
  },
  'approval key': {
    summary: 'print the line with which another machine trusts the decisions that this installation signs',
    example: 'eosflow approval key >> trust/allowed_signers',
    load: () => import('../command/approval-key.ts'),
  },
}
