import type { Desk, Mistake } from './desk.ts'

const VLAN = 'workflows/add-vlan.yaml'
const GOOD = ['-p', 'vlan=140', '-p', 'label=PROD']

const types = (title: string, argv: readonly string[], row?: string): Mistake => ({
  title,
  ...(row === undefined ? {} : { row }),
  make: (desk) => desk.types(argv),
})

const N5 = 'N5'

/** Mistakes in a command and its flags. */
export const OF_COMMANDS: readonly Mistake[] = [
  types('a command is misspelt', ['pln', VLAN]),
  types('a flag is misspelt', ['plan', VLAN, '--parm', 'vlan=140']),
  types('a command of another tool is typed', ['apply', VLAN]),
  types('the workflow is forgotten', ['plan']),
  types('the path of the workflow is misspelt', ['plan', 'workflows/add-vlna.yaml', ...GOOD]),
  types('a folder is named for a workflow', ['plan', 'workflows', ...GOOD]),
  types('a workflow is given to test', ['test', VLAN], N5),
  types('a workflow is given to approve', ['approve', VLAN]),
  types('two switches are written as two words', ['plan', VLAN, ...GOOD, '-t', 'leaf1', 'leaf2']),
  types('a target names a switch that there is not', ['plan', VLAN, ...GOOD, '-t', 'leaf9']),
  types('a target leaves the switches of the workflow', ['plan', VLAN, ...GOOD, '-t', 'spine1']),
  types('a flag has no value', ['plan', VLAN, ...GOOD, '-t']),
  types('a time is written in words', ['audit', 'list', '--since', 'yesterday evening']),
  types('a command of which there is a family has no second word', ['snapshot']),
  {
    title: 'the command is typed outside of the project',
    make: (desk) => desk.types(['plan', VLAN, ...GOOD], { cwd: '..' }),
  },
]

/** Mistakes in the parameters of a change. */
export const OF_PARAMETERS: readonly Mistake[] = [
  types('a parameter has no value', ['plan', VLAN, '-p', 'vlan', '-p', 'label=PROD'], N5),
  types('blanks stand around the =', ['plan', VLAN, '-p', 'vlan', '=', '140', '-p', 'label=PROD'], N5),
  types('the value is a word behind the name', ['plan', VLAN, '-p', 'vlan', '140', '-p', 'label=PROD'], N5),
  types('a parameter is forgotten', ['plan', VLAN, '-p', 'vlan=140']),
  types('a parameter is misspelt', ['plan', VLAN, '-p', 'vlna=140', '-p', 'label=PROD']),
  types('a number is a word', ['plan', VLAN, '-p', 'vlan=prod', '-p', 'label=PROD']),
  types('a number is too large', ['plan', VLAN, '-p', 'vlan=5000', '-p', 'label=PROD']),
  types('a text does not match the pattern', ['plan', VLAN, '-p', 'vlan=140', '-p', 'label=prod cache'], N5),
  types('a list is given as one text', ['plan', VLAN, ...GOOD, '-p', 'trunks=Port-Channel1'], N5),
  types('a port is shortened', ['plan', VLAN, ...GOOD, '-p', 'trunks=[Po1]']),
  types('an address is none', ['plan', 'workflows/ntp.yaml', '-p', 'server=10.0.0.300']),
  types('a parameter is given twice', ['plan', VLAN, '-p', 'vlan=140', '-p', 'vlan=141', '-p', 'label=PROD']),
  {
    title: 'the pattern says other characters',
    row: N5,
    make: async (desk: Desk) => {
      desk.write({
        'workflows/site.yaml': desk
          .read('workflows/ntp.yaml')
          .replace('type: ipAddress, example: 192.0.2.1', "type: string, pattern: '[a-z]{3}\\d{2}'"),
      })
      await desk.types(['plan', 'workflows/site.yaml', '-p', 'server=Berlin'])
    },
  },
]
