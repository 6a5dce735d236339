import type { Command, CommandOption } from '../option/command.ts'

const secrets: CommandOption = {
  flags: '--secrets',
  description: 'also print the secrets of the files; for output that only you read',
}

export const fileCommands: readonly Command[] = [
  {
    usage: 'states run <file>',
    summary: 'run a raw state machine (Amazon States Language) on mocked tasks, in virtual time',
    example: 'eosflow states run order.asl.json --input input.json --mock mocks.json',
    options: [
      { flags: '--input <file>', description: 'the input, YAML or JSON; default: {}' },
      { flags: '--mock <file>', description: 'the answers of its tasks, by state' },
      { flags: '--type <type>', description: 'STANDARD (default) or EXPRESS' },
    ],
    load: () => import('../command/states-run.ts'),
  },
  {
    usage: 'states validate <file>',
    summary: 'check whether AWS Step Functions accepts a raw state machine: every problem at once, with its place',
    example: 'eosflow states validate order.asl.json',
    options: [{ flags: '--type <type>', description: 'STANDARD (default) or EXPRESS' }],
    load: () => import('../command/states-validate.ts'),
  },
  {
    usage: 'config diff <a> <b>',
    summary: 'show how two configuration files differ, block by block',
    example: 'eosflow config diff running.cfg intended.cfg',
    options: [{ flags: '--detailed-exitcode', description: 'exit 2 when they differ' }],
    load: () => import('../command/config-diff.ts'),
  },
  {
    usage: 'config merge <running> <lines>',
    summary: 'print the configuration that a switch would have after these lines',
    example: 'eosflow config merge running.cfg change.cfg',
    options: [secrets],
    load: () => import('../command/config-merge.ts'),
  },
  {
    usage: 'config normalize <file>',
    summary: 'print a configuration as EOS would print it',
    example: 'eosflow config normalize intended.cfg',
    options: [secrets],
    load: () => import('../command/config-normalize.ts'),
  },
  {
    usage: 'config redact <file>',
    summary: 'print a configuration without its secrets',
    example: 'eosflow config redact running.cfg',
    load: () => import('../command/config-redact.ts'),
  },
  {
    usage: 'approval verify <file>',
    summary: 'verify a signed decision about a plan from files, without a project or network',
    example: 'eosflow approval verify bob.approval --plan vlan140.plan --trust allowed_signers',
    options: [
      { flags: '--plan <file>', description: 'the plan that was decided about' },
      {
        flags: '--trust <file>',
        description: "the keys that are trusted; default: the project's trust/allowed_signers",
      },
    ],
    load: () => import('../command/approval-verify.ts'),
  },
]
