import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { wordsOfLine } from '../../../src/project/authoring/completion/completion.ts'
import { everyNth } from '../../extent.ts'
import { BUILT, exits, type Lab, openLab, temporaryFolder } from '../../lab/lab.ts'
import { newProject } from './eosflow.ts'

/** Types on a terminal of its own whose program is a shell, and prints all that it shows until the word DONE ends a line. */
const ON_A_TERMINAL = `
import os, pty, select, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(terminal, sys.stdin.buffer.read())
seen = b''
while b'DONE\\r\\n' not in seen and select.select([terminal], [], [], 60)[0]:
    try:
        seen += os.read(terminal, 4096)
    except OSError:
        break
os.close(terminal)
sys.stdout.buffer.write(seen)
`

const isThere = (program: string) => spawnSync(program, ['--version']).error === undefined

/** An environment in which \`eosflow\` is the built command. */
function environment() {
  const bin = temporaryFolder()
  writeFileSync(join(bin, 'eosflow'), `#!/bin/sh\nexec '${process.execPath}' '${BUILT}' "$@"\n`)
  chmodSync(join(bin, 'eosflow'), 0o755)
  return { PATH: `${bin}${delimiter}${process.env.PATH}`, HOME: bin, TERM: 'dumb', PS1: '$ ', LC_ALL: 'C.UTF-8' }
}

/** What a shell has made of a line in which Tab was pressed, as its words. */
function typedIn(cwd: string, shell: readonly string[], before: string, line: string) {
  const typed = `${before}\nshow() { printf '<%s>' "$@"; echo DONE; }\n${line}\x01show \n`
  const { stdout, stderr } = spawnSync('python3', ['-c', ON_A_TERMINAL, ...shell], {
    cwd,
    env: environment(),
    input: typed,
    encoding: 'utf8',
    timeout: 100_000,
  })
  const shown = /((?:<[^<>]*>)+)DONE\r\n/.exec(stdout)?.[1]
  if (shown === undefined) throw new Error(`nothing was shown: ${stdout}${stderr}`)
  return shown.slice(1, -1).split('><')
}

// `plans` begins like `plan`: no blank follows.
const LINE = 'eosflow pla\t wo\t-p vl\t140 -p label=X -t role:sp\t--lim\tleaf1,spine1'
const COMPLETED = [
  'eosflow',
  'plan',
  'workflows/add-vlan.yaml',
  '-p',
  'vlan=140',
  '-p',
  'label=X',
  '-t',
  'role:spine',
  '--limit',
  'leaf1,spine1',
]

describe('in a real shell', { tags: 'long' }, () => {
  test('bash completes as the line is typed', {
    tags: 'turn',
    timeout: 120_000,
  }, async () => {
    const before = 'source <(eosflow completion bash)'
    expect(typedIn(await newProject(), ['bash', '--norc', '--noprofile', '-i'], before, LINE)).toEqual(COMPLETED)
  })

  test('bash names files where nothing of eosflow is meant, also behind @', {
    tags: ['long', 'turn'],
    timeout: 120_000,
  }, async () => {
    const before = 'source <(eosflow completion bash)'
    const line = 'eosflow plan workflows/add-vlan.yaml --params inv\t-t @eosf\t-t failed:@la\t-p x=@eosf\t'
    expect(typedIn(await newProject(), ['bash', '--norc', '--noprofile', '-i'], before, line)).toEqual([
      ...[
        'eosflow',
        'plan',
        'workflows/add-vlan.yaml',
        '--params',
        'inventory.yaml',
        '-t',
        '@eosflow.yaml',
        '-t',
        'failed:@latest',
        '-p',
        'x=@eosflow.yaml',
      ],
    ])
  })

  test.skipIf(!isThere('zsh'))(
    'zsh completes as the line is typed (needs the zsh command)',
    { tags: ['long', 'turn'], timeout: 120_000 },
    async () => {
      const before = 'autoload -U compinit; compinit -u; source <(eosflow completion zsh)'
      expect(typedIn(await newProject(), ['zsh', '-f', '-i'], before, LINE)).toEqual(COMPLETED)
    },
  )

  test.skipIf(!isThere('fish'))(
    'fish offers words, and files where there are none (needs the fish command)',
    { tags: ['long', 'turn'], timeout: 120_000 },
    async () => {
      const cwd = await newProject()
      const offered = (line: string) => {
        const script = `source (eosflow completion fish | psub); complete -C '${line}'`
        return spawnSync('fish', ['--no-config', '-c', script], { cwd, env: environment(), encoding: 'utf8' })
          .stdout.split('\n')
          .filter((word) => word !== '')
      }
      expect(offered('eosflow check r')).toEqual(['run'])
      expect(offered('eosflow plan workflows/add-vlan.yaml -t role:')).toEqual(['role:leaf', 'role:spine'])
      expect(offered('eosflow plan workflows/add-vlan.yaml -p l')).toEqual(['label='])
      expect(offered('eosflow plan workflows/add-vlan.yaml --params inv')).toEqual(['inventory.yaml'])
    },
  )
})

/** What is offered for a line, as zsh asks. */
const offered = async (lab: Lab, ...words: readonly string[]) => {
  const { out, err } = await lab.ok('__complete zsh', ...words)
  expect(err).toBe('')
  return out.split('\n').filter((word) => word !== '')
}

const INVENTORY = `defaults: { credentials: op }
credentials: { op: { username: op, password: '\${env:OP}' } }
groups: { DC1: { children: [LEAVES] }, LEAVES: {} }
devices:
  leaf1: { host: 192.0.2.1, groups: [LEAVES], tags: { role: leaf, site: dc1 } }
  leaf2: { host: 192.0.2.2, groups: [LEAVES], tags: { role: leaf, 'note': 'a $(id) b' } }
  spine1: { host: 192.0.2.3, groups: [DC1], tags: { role: spine } }
`

describe('what is offered', () => {
  test.each<[readonly string[], readonly string[]]>(
    everyNth(4, 'words to complete', [
      [['dri'], ['drift']],
      [['-C', '.', 'dri'], ['drift']],
      [
        ['check', ''],
        ['invariants', 'list', 'run', 'show', 'try'],
      ],
      [['plan', '--mar'], ['--markdown']],
      [
        ['plan', '-t', 'leaf'],
        ['leaf1', 'leaf2'],
      ],
      [
        ['plan', '-t', 'role:'],
        ['role:leaf', 'role:spine'],
      ],
      [
        ['plan', '-t', 'group:'],
        ['group:DC1', 'group:LEAVES'],
      ],
      [['plan', '-t', 'leaf1,not group:L'], ['leaf1,not group:LEAVES']],
      [
        ['drift', '--limit', '(leaf1,s'],
        ['(leaf1,site:dc1', '(leaf1,spine1'],
      ],
      [['drift', '--target=sp'], ['--target=spine1']],
      [['plan', '-t', 'note:'], []],
      [['plan', '-t', '@'], []],
      [
        ['plan', 'workflow.yaml', '-p', ''],
        ['many=', 'mode=', 'name='],
      ],
      [
        ['plan', 'workflow.yaml', '-p', 'mode='],
        ['mode=fast', 'mode=slow'],
      ],
      [['plan', '-p', ''], []],
      [['plan', 'none.yaml', '-p', ''], []],
      [['inventory', 'show', 'sp'], ['spine1']],
      [
        ['schema', 'ch'],
        ['change', 'check-result'],
      ],
      [['nonsense', ''], []],
      [['plan', 'leaf1', 'x', ''], []],
      [[], []],
    ]),
  )('%j: %j', async (words, expected) => {
    const lab = openLab({ files: { 'inventory.yaml': INVENTORY } })
    lab.write(
      'workflow.yaml',
      `name: w
params: { mode: { type: string, enum: [fast, slow] }, name: { type: string, default: hidden }, many: { type: boolean } }
targets: leaf1
change: { lines: [vlan 2] }
steps: [snapshot, plan, approve, push, { verify: { checks: [reachable] } }, confirm]
`,
    )
    const words2 = await offered(lab, ...words)
    expect(words.length === 0 ? words2.slice(0, 0) : [...words2].sort()).toEqual(expected)
  })

  test('executions are those on record, and none where a policy says who may read', async () => {
    const lab = openLab()
    await exits(0, lab.change())
    const [, id = ''] = await offered(lab, 'show', '')
    expect(await offered(lab, 'show', id.slice(0, -2))).toEqual([id])
    expect(await offered(lab, 'plan', '-t', `failed:${id.slice(0, -2)}`)).toEqual([`failed:${id}`])
    lab.write('policy.yaml', 'version: 1\nroles: {}\nrules: []\n')
    expect(await offered(lab, 'show', '')).toEqual(['@latest'])
    expect(await offered(lab, 'plan', '-t', 'failed:')).toEqual(['failed:@latest'])
  })

  test.each([
    ['settings', 'eosflow.yaml', ': nonsense ['],
    ['inventory', 'inventory.yaml', 'devices: ['],
    ['a workflow', 'workflow.yaml', '{'],
  ])('of a project with broken %s nothing is, and nothing is said', async (_what, file, text) => {
    const lab = openLab()
    lab.write(file, text)
    for (const words of [
      ['plan', '-t', 'l'],
      ['plan', 'workflow.yaml', '-p', ''],
      ['inventory', 'show', ''],
    ]) {
      if (file === 'inventory.yaml' || !words.includes('-t')) await offered(lab, ...words)
    }
    expect(await offered(lab, 'dri')).toEqual(['drift'])
  })

  test('a secret of the project is in nothing that is offered', async () => {
    const lab = openLab({ env: { OP: 'canary-77' } })
    lab.write('inventory.yaml', INVENTORY.replace('site: dc1', 'site: canary-77'))
    expect(await offered(lab, 'plan', '-t', 'site:')).toEqual([])
    expect(await offered(lab, 'plan', '-t', 'role:')).toEqual(['role:leaf', 'role:spine'])
  })

  test('outside of a project only commands are', async () => {
    const lab = openLab()
    const empty = join(temporaryFolder(), 'empty')
    mkdirSync(empty)
    const { out } = await exits(0, lab.eosflowIn(empty, '__complete zsh plan -t', ''))
    expect(out).toBe('')
  })
})

test.each([
  ['eosflow plan ', ['eosflow', 'plan', '']],
  ['eosflow  plan w', ['eosflow', 'plan', 'w']],
  ["eosflow -t 'leaf1 or le", ['eosflow', '-t', "'leaf1 or le"]],
  ['eosflow -t "leaf1 or le', ['eosflow', '-t', '"leaf1 or le']],
  ["eosflow -t 'a b' ", ['eosflow', '-t', 'a b', '']],
  ['eosflow a\\ b', ['eosflow', 'a b']],
  ['eosflow "a\\"b"c', ['eosflow', 'a"bc']],
  ['', ['']],
])('a line of bash as its words: %j', (line, words) => {
  expect(wordsOfLine(line)).toEqual(words)
})
