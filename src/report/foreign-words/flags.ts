import type { NamedCommand } from './known-command.ts'

// Sources: the manual pages of `ansible-playbook` (ansible-core 2.14), `terraform apply` and `apt-get`.
const FOREIGN: readonly (readonly [flags: readonly string[], hint: string, ours?: string])[] = [
  [['-l', '--limit'], '`-t` selects the switches: -t leaf1, -t role:leaf', '--target'],
  [
    ['--check', '--dry-run', '--noop', '--what-if', '--simulate'],
    '`eosflow plan WORKFLOW` is the dry run: nothing is changed',
  ],
  [
    ['--yes', '-y', '--assume-yes', '--auto-approve', '--force', '--no-confirm', '--non-interactive'],
    'nothing says yes by itself: a person reads the plan, and `eosflow approve FILE` or `--approve DIGEST` says yes to exactly that',
  ],
  [['--diff', '-D'], '`eosflow plan WORKFLOW` shows the diff of each switch, always'],
  [['--extra-vars', '-e'], '`-p` gives a parameter: -p vlan=120; `--params FILE` gives many', '--param'],
  [
    ['--inventory', '--inventory-file', '-i'],
    '`eosflow.yaml` names the inventory; `-C` names the folder that it is in',
  ],
  [['--forks', '-f'], '`rollout: { concurrency: 10 }` in the workflow says how many switches at once'],
  [['--tags', '--skip-tags'], '`-t role:leaf` selects switches by a tag; a workflow has no tagged steps', '--target'],
  [['--list-hosts', '--list-tasks'], '`eosflow plan WORKFLOW` lists the switches and what changes'],
  [['--syntax-check'], '`eosflow validate` checks the files, and contacts nothing'],
  [
    ['--ask-pass', '-k'],
    '`--ask-password` asks for each password that the inventory has no source of, before anything is contacted',
  ],
  [
    ['--user', '-u', '--become', '-b', '--ask-become-pass', '-K', '--private-key'],
    '`credentials` in the inventory say who logs in, and where the password is kept',
  ],
  [
    ['--ask-vault-pass', '--ask-vault-password', '-J', '--vault-id', '--vault-password-file'],
    'a secret is a reference in the inventory, to a variable, a file, a program or Vault: docs/secrets.md',
  ],
  [
    ['--step', '--start-at-task'],
    '`eosflow resume` goes on where an execution is; `rollout: { waves: [1, 100%] }` goes step by step',
  ],
]

/** What an option that eosflow does not have is called here, by what commander says of it (`unknown option '--limit'`); undefined when nobody is known to mean anything by it. */
export function foreignFlagHint(
  commands: readonly NamedCommand[],
  message: string,
  argv: readonly string[],
): string | undefined {
  const typed = /unknown option '([^']+)'/.exec(message)?.[1]
  if (typed === undefined) return undefined
  const found = FOREIGN.find(([flags]) => flags.some((flag) => isFlag(typed, flag)))
  if (found === undefined) return undefined
  const [, hint, ours] = found
  if (ours === undefined) return hint
  const takers = commands.filter(({ options = [] }) => options.some(({ flags }) => flags.includes(`${ours} `)))
  const names = takers.map(({ usage }) => wordsOf(usage))
  if (names.some((words) => words.every((word, index) => argv[index] === word))) return hint
  const some = names.slice(0, MOST_NAMES).map((words) => words.join(' '))
  return `${hint}; an option of ${some.join(', ')}${names.length > MOST_NAMES ? ', …' : ''}`
}

const MOST_NAMES = 4

function isFlag(typed: string, flag: string) {
  if (flag.startsWith('--')) return typed === flag || typed.startsWith(`${flag}=`)
  return typed.startsWith(flag) && !typed.startsWith('--')
}

const wordsOf = (usage: string) => usage.split(' ').filter((word) => /^[a-z-]+$/.test(word))
