import { asking, type CommandTable, noWait, target } from '../option/command.ts'

export const switchCommands: CommandTable = {
  'ask <commands...>': {
    summary: 'ask switches show commands: equal answers once, under the names of their switches; changes nothing',
    example: "eosflow ask 'show ip bgp summary vrf all' -t role:leaf --diff",
    options: {
      ...target,
      '--diff': 'show what most switches answer, and how the others differ from it',
      '--by <what>': 'answer (equal ones once) or switch (each by itself)',
      '--exact': 'answers that differ only in times, ages and free memory are not equal',
      '--table <columns>':
        'a row for each switch: JSONata expressions over the JSON model of the answer, with commas between them',
      '--query <expression>': 'one JSONata expression over the JSON model; equal values once',
      '--csv <file>': 'of --table or --query: write the values into this file',
      '--text': 'of --json: what a terminal would print, not JSON models',
      '--save <dir>': 'write each answer into this folder: SWITCH/COMMAND.txt, or .json',
    },
    load: () => import('../command/ask.ts'),
  },
  facts: {
    summary:
      'show what switches are: model, serial number, EOS, image, MLAG, power supplies, transceivers; changes nothing',
    example: 'eosflow facts -t role:leaf --csv',
    options: { ...target, '--csv': 'print it for a spreadsheet' },
    load: () => import('../command/facts.ts'),
  },
  'adopt <targets>': {
    summary:
      'make what these switches run now their intended text: a later replace takes its lines away without a question',
    example: 'eosflow adopt role:leaf',
    load: () => import('../command/adopt.ts'),
  },
  'sessions list': {
    summary: 'list the config sessions on the switches: state, owner, age, and time left on a commit timer',
    example: 'eosflow sessions list -t role:leaf',
    options: target,
    load: () => import('../command/sessions-list.ts'),
  },
  'sessions gc': {
    summary: 'remove leftover config sessions of eosflow from the switches; never those of others',
    example: 'eosflow sessions gc -t role:leaf',
    options: {
      ...target,
      '--all-eosflow': 'also those of other eosflow stores; first make sure that none of their executions is running',
    },
    load: () => import('../command/sessions-gc.ts'),
  },
  'release-device <name>': {
    summary:
      'a process died during a change of this switch: let other executions change it now, without waiting for the rest of the time',
    example: 'eosflow release-device leaf1 --reason "the machine is switched off: nothing more can arrive from it"',
    options: { '--reason <text>': 'why; it is on record' },
    load: () => import('../command/release-device.ts'),
  },
  doctor: {
    summary: 'check installation, store, credentials and switches, and show how to fix what is wrong; changes nothing',
    example: 'eosflow doctor -t role:leaf',
    options: {
      ...target,
      '--all': 'also print what is healthy',
      '--prove <what>':
        'test on lab switches (`lab: true`) whether their EOS version can do these, and put everything back: replay,lock,owner,syntax',
      '--conformance': 'run the conformance kit on lab switches (`lab: true`): what EOS does where nobody has shown it',
      '--record <dir>': 'of --conformance: write every request and answer into this folder',
      '--disruptive': 'of --conformance: also probes that save, lock, reboot and cut eAPI off',
      '--rights': 'print every command that eosflow sends, for an AAA role; asks no switch',
    },
    load: () => import('../command/doctor.ts'),
  },
  'comply [workflow]': {
    summary:
      'compare what switches run with what is intended for them, computed by the switches, section by section; commits nothing',
    example: 'eosflow comply -f intended -t role:leaf --junit comply.xml',
    options: {
      ...target,
      '-f, --files <dir>':
        'a folder of the project with NAME.cfg for each switch; without it and without a workflow: what was confirmed last',
      '--offline [source]':
        'ask no switch: the model of eosflow compares what a folder of backups, a fabric folder or a snapshot has',
      '--markdown': 'print what was found for a pull request',
      '--csv <file>': 'write what was found for a spreadsheet',
      '--junit <file>': 'write what was found for a CI system',
      '--detailed-exitcode': 'exit 2 when a switch differs',
    },
    load: () => import('../command/comply.ts'),
  },
  'config backup <folder>': {
    summary:
      'keep the configurations of switches in a folder, a file for each, also in a Git work tree; changes no switch',
    example: 'eosflow config backup backups --commit --push',
    options: {
      ...target,
      '--after-change <execution>': 'only the switches that this execution has changed, or @latest',
      '--secrets <form>': 'redact (the default), age (encrypted, with --recipient) or keep',
      '--recipient <key>': { each: 'of --secrets age: a public key of age; may be repeated' },
      '--commit': 'commit what has changed; nothing where nothing has',
      '--push': 'commit, and push the branch to its remote',
    },
    load: () => import('../command/config-backup.ts'),
  },
  'config restore <folder>': {
    summary: 'make switches run what a backup has: plan it, and make it like any other change',
    example: 'eosflow config restore vault -t leaf3 --identity key.txt',
    options: {
      ...target,
      ...noWait,
      '--identity <file>': 'of encrypted backups: a file of identities of age',
      '--approve <digest>': 'your own approval, given with the command: run the plan only if it has this digest',
      ...asking,
    },
    load: () => import('../command/config-restore.ts'),
  },
}
