import { type CommandTable, changeOptions, type OptionTable, target } from '../option/command.ts'

const issuer: OptionTable = { '--issuer <name>': 'the identity provider, by its name in eosflow.yaml' }

const secrets: OptionTable = { '--secrets': 'also print the secrets of the files; for output that only you read' }

export const simulatedCommands: CommandTable = {
  'sim start [fabric]': {
    summary: 'start simulated switches on loopback (eAPI and SSH); they run until you end the command',
    example: 'eosflow sim start fabrics/dc1',
    options: {
      '--config <file>': 'simulate one switch with this running-config, instead of a fabric',
      '--eos <version>': 'the EOS version of that switch',
      '--name <name>': 'the name of that switch',
      '--privilege <level>': 'the privilege of the login that is printed: 1 or 15',
      '--enable-secret <secret>': 'the switch asks for this secret at enable',
      '--verbatim': 'keep the order of the lines in the file, and add no lines: for a file that no switch printed',
    },
    load: () => import('../command/sim-start.ts'),
  },
  'sim status': {
    summary: 'show the running simulator: ports, sessions, counters',
    example: 'eosflow sim status --json',
    options: {
      '--control <host:port>': 'the control port; default: the one this project started',
    },
    load: () => import('../command/sim-status.ts'),
  },
  'sim fault <device> <fault>': {
    summary: 'set a fault, written as YAML, on a running simulated switch',
    example: "eosflow sim fault leaf1 '{ kind: lost-answer, command: commit }'",
    options: {
      '--control <host:port>': 'the control port; default: the one this project started',
    },
    load: () => import('../command/sim-fault.ts'),
  },
  'sim learn <recording>': {
    summary:
      'compare a recording of the conformance kit with the simulator: settings for a fabric, and what it says otherwise',
    example: 'eosflow sim learn lab1-4.32/lab1.jsonl',
    load: () => import('../command/sim-learn.ts'),
  },
  'test [file...]': {
    summary: 'run workflow tests on simulated switches in memory: no waiting, no real switch',
    example: 'eosflow test --junit results.xml',
    options: {
      '--filter <text>': 'only cases whose file or name holds this text',
      '--junit <file>': 'write the results for a CI system',
      '--update': 'write golden plans instead of comparing with them',
    },
    load: () => import('../command/test.ts'),
  },
  'rehearse <workflow-or-plan>': {
    summary: 'try a change on simulated switches under faults and crashes, and show how the network ends each time',
    example: 'eosflow rehearse workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE',
    options: {
      ...changeOptions,
      ...target,
      '--fabric <dir>': 'the folder with the simulated copies of the switches; default: the only fabric of the project',
      '--only <kind>': { each: 'only this kind of fault, or crash (repeatable)' },
      '--all': 'try everything: a kill of eosflow after every record, and every fault on every switch',
      '--seed <number>': 'another number chooses other records after which eosflow is killed; default 1',
      '--junit <file>': 'write the trials for a CI system',
    },
    load: () => import('../command/rehearse.ts'),
  },
  login: {
    summary: 'log in at an identity provider; later commands act as you',
    example: 'eosflow login --device',
    options: {
      '--device': 'print a code that you type in a browser on any machine, instead of opening one here',
      ...issuer,
    },
    load: () => import('../command/login.ts'),
  },
  logout: {
    summary: 'delete the logins of this project, here and, where it offers that, at the identity provider',
    example: 'eosflow logout',
    options: issuer,
    load: () => import('../command/logout.ts'),
  },
  whoami: {
    summary: 'show who you are for eosflow, and who has verified that',
    example: 'eosflow whoami --json',
    load: () => import('../command/whoami.ts'),
  },
  'states run <file>': {
    summary: 'run a raw state machine (Amazon States Language) on mocked tasks, in virtual time',
    example: 'eosflow states run order.asl.json --input input.json --mock mocks.json',
    options: {
      '--input <file>': 'the input, YAML or JSON; default: {}',
      '--mock <file>': 'the answers of its tasks, by state',
      '--type <type>': 'STANDARD (default) or EXPRESS',
    },
    load: () => import('../command/states-run.ts'),
  },
  'states validate <file>': {
    summary: 'check whether AWS Step Functions accepts a raw state machine: every problem at once, with its place',
    example: 'eosflow states validate order.asl.json',
    options: { '--type <type>': 'STANDARD (default) or EXPRESS' },
    load: () => import('../command/states-validate.ts'),
  },
  'config diff <a> <b>': {
    summary: 'show how two configuration files differ, block by block',
    example: 'eosflow config diff running.cfg intended.cfg',
    options: { '--detailed-exitcode': 'exit 2 when they differ' },
    load: () => import('../command/config-diff.ts'),
  },
  'config merge <running> <lines>': {
    summary: 'print the configuration that a switch would have after these lines',
    example: 'eosflow config merge running.cfg change.cfg',
    options: secrets,
    load: () => import('../command/config-merge.ts'),
  },
  'config normalize <file>': {
    summary: 'print a configuration as EOS would print it',
    example: 'eosflow config normalize intended.cfg',
    options: secrets,
    load: () => import('../command/config-normalize.ts'),
  },
  'config redact <file>': {
    summary: 'print a configuration without its secrets',
    example: 'eosflow config redact running.cfg',
    load: () => import('../command/config-redact.ts'),
  },
  'approval verify <file>': {
    summary: 'verify a signed decision about a plan from files, without a project or network',
    example: 'eosflow approval verify bob.approval --plan vlan140.plan --trust allowed_signers',
    options: {
      '--plan <file>': 'the plan that was decided about',
      '--trust <file>': "the keys that are trusted; default: the project's trust/allowed_signers",
    },
    load: () => import('../command/approval-verify.ts'),
  },
}
