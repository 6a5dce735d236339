import { target } from '../option/change-options.ts'
import type { Command } from '../option/command.ts'

export const switchCommands: readonly Command[] = [
  {
    usage: 'ask <commands...>',
    summary: 'ask switches show commands: equal answers once, under the names of their switches; changes nothing',
    example: "eosflow ask 'show ip bgp summary vrf all' -t role:leaf --diff",
    options: [
      target,
      { flags: '--diff', description: 'show what most switches answer, and how the others differ from it' },
      { flags: '--by <what>', description: 'answer (equal ones once) or switch (each by itself)' },
      { flags: '--exact', description: 'answers that differ only in times, ages and free memory are not equal' },
      {
        flags: '--table <columns>',
        description:
          'a row for each switch: JSONata expressions over the JSON model of the answer, with commas between them',
      },
      { flags: '--query <expression>', description: 'one JSONata expression over the JSON model; equal values once' },
      { flags: '--csv <file>', description: 'of --table or --query: write the values into this file' },
      { flags: '--text', description: 'of --json: what a terminal would print, not JSON models' },
      { flags: '--save <dir>', description: 'write each answer into this folder: SWITCH/COMMAND.txt, or .json' },
    ],
    load: () => import('../command/ask.ts'),
  },
  {
    usage: 'facts',
    summary:
      'show what switches are: model, serial number, EOS, image, MLAG, power supplies, transceivers; changes nothing',
    example: 'eosflow facts -t role:leaf --csv',
    options: [target, { flags: '--csv', description: 'print it for a spreadsheet' }],
    load: () => import('../command/facts.ts'),
  },
  {
    usage: 'adopt <targets>',
    summary:
      'make what these switches run now their intended text: a later replace takes its lines away without a question',
    example: 'eosflow adopt role:leaf',
    load: () => import('../command/adopt.ts'),
  },
  {
    usage: 'sessions list',
    summary: 'list the config sessions on the switches: state, owner, age, and time left on a commit timer',
    example: 'eosflow sessions list -t role:leaf',
    options: [target],
    load: () => import('../command/sessions-list.ts'),
  },
  {
    usage: 'sessions gc',
    summary: 'remove leftover config sessions of eosflow from the switches; never those of others',
    example: 'eosflow sessions gc -t role:leaf',
    options: [
      target,
      {
        flags: '--all-eosflow',
        description: 'also those of other eosflow stores; first make sure that none of their executions is running',
      },
    ],
    load: () => import('../command/sessions-gc.ts'),
  },
  {
    usage: 'release-device <name>',
    summary:
      'a process died during a change of this switch: let other executions change it now, without waiting for the rest of the time',
    example: 'eosflow release-device leaf1 --reason "the machine is switched off: nothing more can arrive from it"',
    options: [{ flags: '--reason <text>', description: 'why; it is on record' }],
    load: () => import('../command/release-device.ts'),
  },
  {
    usage: 'doctor',
    summary: 'check installation, store, credentials and switches, and show how to fix what is wrong; changes nothing',
    example: 'eosflow doctor -t role:leaf',
    options: [
      target,
      { flags: '--all', description: 'also print what is healthy' },
      {
        flags: '--prove <what>',
        description:
          'test on lab switches (`lab: true`) whether their EOS version can do these, and put everything back: replay,lock,owner,syntax',
      },
      {
        flags: '--conformance',
        description: 'run the conformance kit on lab switches (`lab: true`): what EOS does where nobody has shown it',
      },
      { flags: '--record <dir>', description: 'of --conformance: write every request and answer into this folder' },
      { flags: '--disruptive', description: 'of --conformance: also probes that save, lock, reboot and cut eAPI off' },
      { flags: '--rights', description: 'print every command that eosflow sends, for an AAA role; asks no switch' },
    ],
    load: () => import('../command/doctor.ts'),
  },
]
