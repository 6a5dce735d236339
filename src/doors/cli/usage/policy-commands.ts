import type { CommandTable } from '../option/command.ts'

const bundleCommands: CommandTable = {
  'publish [workflow...]': {
    summary: 'publish the files of the project for workers: workflows, policy, inventory, trusted keys',
    example: 'eosflow publish -m "CHG-4711: the new leaf pair"',
    options: { '-m, --reason <text>': 'why; it is on record' },
    load: () => import('../command/publish.ts'),
  },
  'bundle list': {
    summary: 'list what was published, newest first; the first is in force',
    example: 'eosflow bundle list',
    load: () => import('../command/bundle-list.ts'),
  },
  'bundle show [bundle]': {
    summary: 'show the files of a bundle, each compared with its digest; default: the newest',
    example: 'eosflow bundle show 3fb1c0de',
    load: () => import('../command/bundle-show.ts'),
  },
  'bundle diff [from] [to]': {
    summary: 'show which files differ between two bundles, or between the newest and the folder',
    example: 'eosflow bundle diff',
    load: () => import('../command/bundle-diff.ts'),
  },
}

export const policyCommands: CommandTable = {
  'policy init': {
    summary: 'write a small policy for two people, and run its tests: a change needs the approval of another person',
    example: 'eosflow policy init --two-person',
    options: {
      '--two-person': 'each approves what another person has asked for',
      '--lead <name>': 'only this person approves, by the name in trust/allowed_signers',
      '--replace': 'also where there is a policy, which goes',
    },
    load: () => import('../command/policy-init.ts'),
  },
  'policy test [file]': {
    summary: 'run the tests in the policy file; exit 6 when one fails',
    example: 'eosflow policy test',
    load: () => import('../command/policy-test.ts'),
  },
  'policy retire': {
    summary: 'use this store without a policy from now on; its last policy must allow you to',
    example: "eosflow policy retire --reason 'the lab needs none'",
    options: { '--reason <text>': 'why the policy is no longer needed; it is put on record' },
    load: () => import('../command/policy-retire.ts'),
  },
  'policy explain [action]': {
    summary: 'explain what the policy decides about an action: for whom, on which switches, when, and why',
    example: 'eosflow policy explain task.push -t role:leaf --as corp:sub:alice,corp:group:netops',
    options: {
      '-t, --target <expr>': 'for these switches: named as for plan',
      '--as <who>': 'for somebody else than you: corp:sub:alice,corp:group:netops or kind:agent',
      '--workflow <file>': 'for this workflow file',
      '--plan <plan>':
        'for the change of this plan, a file or an execution: rules may read it; for all of its switches without -t',
      '--at <time>': 'at another time than now, ISO 8601',
      '--lasts <duration>': 'for a change that takes this long: the window must stay open until its end; 15m',
      '--break-glass <ticket>': 'in an emergency with this ticket',
    },
    load: () => import('../command/policy-explain.ts'),
  },
  'policy input <plan>': {
    summary:
      'print one JSON of a plan for an outside judge of policies: who, which switches, every line with its kind, what is demanded',
    example: 'eosflow policy input change.plan | conftest test -',
    load: () => import('../command/policy-input.ts'),
  },
  ...bundleCommands,
}
