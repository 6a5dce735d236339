import { type CommandTable, changeOptions, format, target } from '../option/command.ts'
import { SCHEMA_NAMES } from '../option/schema-names.ts'

export const startCommands: CommandTable = {
  'init [dir]': {
    summary: 'make a project with a workflow, its test and a simulated fabric; it works without further changes',
    example: 'eosflow init my-network',
    options: {
      '--from <kind>':
        'make a project here that reads what is in dir: ansible (an inventory and its playbooks), avd (an inventory and its configurations)',
      '--partial': 'leave hosts of an inventory out that are no switches',
      '--workflow <name>': {
        each: 'add a workflow that is shipped to the project that is here: port-description, vlan-access, ntp (repeatable)',
      },
    },
    load: () => import('../command/init.ts'),
  },
  'demo [incident]': {
    summary:
      'make one change on six simulated switches, then a second one that fails and is rolled back; or the change behind a public outage',
    example: 'eosflow demo',
    options: { '--serve': 'show both in the control room, in a browser, until you end it' },
    load: () => import('../command/demo.ts'),
  },
  'validate [file...]': {
    summary:
      'check workflows, catalogs and the inventory, and report every problem at once, with its place and how to fix it',
    example: 'eosflow validate workflows/add-vlan.yaml',
    options: {
      ...changeOptions,
      '--graph <format>': 'draw the state machine of one workflow instead: mermaid or dot',
      ...format,
    },
    load: () => import('../command/validate.ts'),
  },
  'inventory list': {
    summary: 'list the switches of the inventory and its sources, with address, tags and groups',
    example: 'eosflow inventory list -t role:leaf',
    options: {
      ...target,
      '--csv': 'print the list for a spreadsheet',
      '--ansible': 'print the list as `ansible-inventory --list` does, without logins',
    },
    load: () => import('../command/inventory-list.ts'),
  },
  'inventory show <switch>': {
    summary: 'show one switch with its groups and variables; secrets are not shown',
    example: 'eosflow inventory show leaf1 --origin',
    options: { '--origin': 'also show where each variable is written, and what it overrides' },
    load: () => import('../command/inventory-show.ts'),
  },
  'inventory check': {
    summary: 'compare the serial number and the model of each switch with what the inventory says; changes nothing',
    example: 'eosflow inventory check -t site:dc1',
    options: {
      ...target,
      '--serial <variable>': 'the variable that has the serial number; default serial',
      '--model <variable>': 'the variable that has the model; default device_type.model',
    },
    load: () => import('../command/inventory-check.ts'),
  },
  'inventory graph': {
    summary: 'show the groups of the inventory as a tree, with their switches',
    example: 'eosflow inventory graph',
    load: () => import('../command/inventory-graph.ts'),
  },
  'inventory refresh': {
    summary: 'ask the services and programs that the inventory is read from, and keep what they give',
    example: 'eosflow inventory refresh',
    load: () => import('../command/inventory-refresh.ts'),
  },
  'inventory read <kind> <path...>': {
    summary: 'print an inventory of another tool as `ansible-inventory --list` does; needs no project',
    example: 'eosflow inventory read ansible inventory/hosts.yml',
    options: {
      '--vault-password-file <file>': { each: 'a file with a password of ansible-vault, or ID@FILE' },
      '--rendered': 'render the templates in values; what was encrypted is shown as <secret>',
      '--limit <pattern>': 'only the hosts that a pattern of Ansible means',
    },
    load: () => import('../command/inventory-read.ts'),
  },
  'schema [name]': {
    summary: 'print the JSON Schema of a file format, for editors; or wire an editor to those of a project',
    example: 'eosflow schema workflow > workflow.schema.json',
    names: SCHEMA_NAMES,
    options: {
      '--editor <name>': 'write the schemas into the project, and the settings by which the editor takes them: vscode',
    },
    load: () => import('../command/schema.ts'),
  },
  'completion <shell>': {
    summary: 'print the script by which bash, zsh or fish completes commands, switches, workflows and parameters',
    example: 'eosflow completion bash > ~/.local/share/bash-completion/completions/eosflow',
    names: ['bash', 'zsh', 'fish'],
    load: () => import('../command/completion.ts'),
  },
}
