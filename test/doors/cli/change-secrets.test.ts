import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { secretLines, shortenedLines } from '../../eos/config/secret-lines.ts'
import { everyNth } from '../../extent.ts'
import { type Ended, exits, inProcess, openLab, prints, temporaryFolder, warns, workflowFor } from '../../lab/lab.ts'

const nextOf = ({ out }: Pick<Ended, 'out'>) => out.trimEnd().split('\n').at(-1) ?? ''

const CANARY = '0822455D0A16CANARY'

/** Lines with a secret that a change may carry, and how the plan shows the one with the secret. */
const CARRIED: readonly (readonly [lines: readonly string[], shown: string])[] = [
  [[`snmp-server community ${CANARY} ro`], '+ snmp-server community <redacted:'],
  [
    ['interface Ethernet10', `description curl -u ops:${CANARY} https://10.0.0.7`],
    'description curl -u ops:<redacted:',
  ],
  [
    ['interface Ethernet10', `description wget https://ops:${CANARY}@10.0.0.7/x`],
    'description wget https://ops:<redacted:',
  ],
  [['interface Ethernet10', `ip ospf authentication-key 7 ${CANARY}`], 'ip ospf authentication-key 7 <redacted:'],
  [[`snmp-server user mon NOC v3 auth sha ${CANARY} priv aes ${CANARY}`], 'auth sha <redacted:'],
  [
    [`snmp-server user mon NOC v3 localized f5717f444ca824448b00 auth sha ${CANARY} priv aes ${CANARY}`],
    'auth sha <redacted:',
  ],
  [[`snmp-server host 10.0.0.9 version 2c ${CANARY}`], 'version 2c <redacted:'],
  [[`tacacs-server key 7 ${CANARY}`], '+ tacacs-server key 7 <redacted:'],
  [[`ntp authentication-key 2 sha1 7 ${CANARY}`], 'sha1 7 <redacted:'],
  [['router bgp 65101', `neighbor 10.0.1.0 password 8a $${CANARY}==$cd34==`], 'password 8a <redacted:'],
]

/** Every byte of a folder, but the configuration of the lab. */
function bytesOf(dir: string) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

describe('a secret in a line of a change', () => {
  test.each(everyNth({ test: 10, long: 3 }, 'lines that carry a secret', CARRIED))(
    '%j is in no printed and no stored byte, and the line that makes the change can be typed',
    { tags: 'cut' },
    async (lines, shown) => {
      const lab = openLab()
      const planned = await prints(
        0,
        lab.eosflow('change -t leaf1', ...lines, '--plan-only'),
        shown,
        '\nGive the next command the same lines on standard input: a secret is not repeated.\n',
      )
      expect(nextOf(planned)).toMatch(/^Next: eosflow change - -t leaf1 --approve sha256:[0-9a-f]{64}$/)
      await lab.eosflow('change -t leaf1', ...lines, '--plan-only', '--json')
      await lab.eosflow('change -t leaf1', ...lines, '--plan-only', '--markdown')
      await lab.eosflow('change -t leaf1,leaf3', ...lines, '--plan-only', '--details')
      const saved = await lab.eosflow('change -t leaf1', ...lines, '-o', 'x.plan')
      expect(nextOf(saved)).toBe('Next: eosflow approve x.plan && eosflow run x.plan')
      expect(saved.out).not.toContain('standard input')
      await lab.eosflow('change -t leaf1', ...lines)
      // A neighbor whose password is new goes down, and the change is put back.
      const code = lines[0] === 'router bgp 65101' ? 6 : 0
      await exits(code, lab.agreed('change -t leaf1', ...lines, '--key', 'job-7'))
      await lab.eosflow('change -t leaf2', ...lines, '--key', 'job-7')
      for (const argv of [['show @latest'], ['show @latest --json'], ['audit list'], ['show @latest --html page.html']])
        await lab.ok(...argv)
      expect(lab.printed.split('\n').filter((line) => line.includes(CANARY))).toEqual([])
      expect(bytesOf(lab.dir).includes(CANARY)).toBe(false)
    },
  )

  test('is in no line that repeats the command for switches that were away', async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf3', kind: 'unreachable' })
    const argv = [`snmp-server community ${CANARY} ro`, '-t', 'leaf1,leaf3', '--skip-unreachable', '-o', 'x.plan']
    await prints(8, lab.eosflow('change', ...argv), '\nNext: eosflow change - -t leaf3\n')
    expect(lab.printed).not.toContain(CANARY)
  })

  test('is not saved in a file: --save is refused before a switch is asked, and says why', async () => {
    const lab = openLab()
    for (const [lines] of CARRIED) {
      const { err } = await warns(
        3,
        lab.agreed('change -t leaf1', ...lines, '--save', 'changes/text.yaml'),
        'workflows/text.yaml:1:1: these lines hold a secret',
      )
      expect([err.includes(CANARY), lab.requests(), readdirSync(lab.dir).includes('workflows')]).toEqual([
        false,
        0,
        false,
      ])
    }
    const { err } = await lab.agreed('change -t leaf1', ...(CARRIED[0]?.[0] ?? []), '--save', 'changes/text.yaml')
    expect(err.replaceAll(/\s+/g, ' ')).toContain(
      'these lines hold a secret, which is saved in no file: `snmp-server community <redacted> ro` Leave out --save',
    )
  })

  test('is in no problem of a change, in whatever form it is written', { tags: 'long' }, async () => {
    const lab = openLab()
    const forms = secretLines.flatMap((line) => {
      const secret = /«(.*?)»/.exec(line)?.[1] ?? ''
      return line.startsWith('+') || line.startsWith('-') ? [] : [[line.replaceAll(/[«»]/g, ''), secret] as const]
    })
    expect(forms.length).toBeGreaterThan(90)
    for (const [line, secret] of forms) {
      const { code, out, err } = await lab.eosflow('change -t leaf1', line, '--save', 'changes/text.yaml')
      expect([code, line, (out + err).includes(secret)]).toEqual([3, line, false])
    }
    expect(lab.requests()).toBe(0)
  })
})

describe('[3N9] a secret behind a shortened word', () => {
  test('is named without its secret, and nothing is planned or saved', async () => {
    const lab = openLab()
    const lines = ['router bgp 65101', 'neighbor 10.0.1.1 passw cleartextpw']
    const ended = await warns(
      3,
      lab.agreed('change -t leaf1', ...lines, '--save', 'changes/pw.yaml'),
      '"neighbor 10.0.1.1 passw <redacted>" is shortened (password)',
      'Write it out: `password`.',
    )
    expect([ended.out + ended.err, bytesOf(lab.dir)].filter((text) => text.includes('cleartextpw'))).toEqual([])
    expect([lab.requests(), readdirSync(lab.dir).includes('workflows')]).toEqual([0, false])
  })

  test('is in no printed and no stored byte of change, validate and plan, by every beginning of every word', {
    tags: 'cut',
  }, async () => {
    const lab = openLab()
    const all = everyNth({ test: 6, long: 3 }, 'shortened lines with a secret', shortenedLines())
    const lines = all.map(({ line }) => line.trim())
    const workflow = join(lab.dir, 'workflow.yaml')
    for (const argv of [
      ['change -t leaf1', ...lines, '--plan-only', '--save', 'changes/text.yaml'],
      ['change -t leaf1', ...lines, '--json'],
    ])
      await exits(3, lab.agreed(...argv))
    lab.write('workflow.yaml', workflowFor('leaf1', { lines }))
    for (const argv of [['validate workflow.yaml --json'], ['plan workflow.yaml -o x.plan'], ['run workflow.yaml']])
      expect([argv, (await lab.agreed(...argv)).code]).not.toEqual([argv, 0])
    unlinkSync(workflow)
    const seen = lab.printed + bytesOf(lab.dir)
    expect(seen).toContain('is shortened (')
    expect(all.filter(({ secret }) => seen.includes(secret)).map(({ line }) => line)).toEqual([])
    expect(lab.requests()).toBe(0)
  })
})

describe('the line that makes a change whose lines came from a pipe', () => {
  test('can be typed as it stands, and names standard input', async () => {
    const lab = openLab()
    lab.write('lines.txt', 'vlan 3999\n')
    const pipe = openSync(join(lab.dir, 'lines.txt'), 'r')
    onTestFinished(() => closeSync(pipe))
    const planned = await prints(
      0,
      lab.eosflow(`change -t leaf1 --file /dev/fd/${pipe} --plan-only`),
      '\nGive the next command the same lines on standard input.\n',
    )
    expect(nextOf(planned)).toMatch(/^Next: eosflow change - -t leaf1 --approve sha256:[0-9a-f]{64}$/)
  })
})

describe('a folder of a project that is a link', () => {
  /** A lab of which a folder is a link to another place. */
  function linked(folder: string) {
    const lab = openLab()
    const elsewhere = temporaryFolder()
    symlinkSync(elsewhere, join(lab.dir, folder))
    return { lab, elsewhere }
  }

  test.each(['workflows', 'changes'])(
    '[G135] %s that leads out of it: --save writes nothing, exit 3, and no switch is asked',
    async (folder) => {
      const { lab, elsewhere } = linked(folder)
      await warns(
        3,
        lab.agreed('change -t leaf1', 'vlan 3999', '--save', 'changes/text.yaml'),
        `✖ ${folder}: it is a link that leads out of the project, and nothing is written there\n`,
      )
      expect([readdirSync(elsewhere), lab.requests()]).toEqual([[], 0])
      expect(readdirSync(lab.dir).filter((name) => ['workflows', 'changes'].includes(name))).toEqual([folder])
    },
  )

  test('below changes/ is refused by its path, too, and a link to nothing', async () => {
    const lab = openLab()
    mkdirSync(join(lab.dir, 'changes'))
    symlinkSync(temporaryFolder(), join(lab.dir, 'changes/2026'))
    symlinkSync(join(temporaryFolder(), 'gone'), join(lab.dir, 'workflows'))
    await warns(
      3,
      lab.agreed('change -t leaf1', 'vlan 3999', '--save', 'changes/2026/text.yaml'),
      /✖ changes\/2026: it is a link[\s\S]*✖ workflows: it is a link/,
    )
    expect(lab.requests()).toBe(0)
  })

  test('that stays in it is gone through', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    mkdirSync(join(lab.dir, 'flows'))
    symlinkSync('flows', join(lab.dir, 'workflows'))
    await warns(
      0,
      lab.agreed('change -t leaf1', 'vlan 3999', '--save', 'changes/text.yaml'),
      'saved: changes/text.yaml',
    )
    expect(readdirSync(join(lab.dir, 'flows'))).toEqual(['text.yaml'])
  })

  test.each([['init'], ['init --workflow port-description'], ['init --from ansible ansible'], ['ci init github']])(
    'and leads out of it: %s writes nothing',
    async (...argv) => {
      const dir = temporaryFolder()
      const elsewhere = temporaryFolder()
      for (const folder of ['workflows', '.github']) symlinkSync(elsewhere, join(dir, folder))
      if (argv[0] === 'init --workflow port-description') {
        writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
        writeFileSync(join(dir, 'inventory.yaml'), 'devices: {}\n')
      }
      mkdirSync(join(dir, 'ansible'))
      writeFileSync(
        join(dir, 'ansible/hosts.ini'),
        '[all:vars]\nansible_network_os=arista.eos.eos\n[eos]\nleaf1 ansible_host=192.0.2.1\n',
      )
      const before = readdirSync(dir)
      await warns(3, inProcess(argv, dir), /✖ (?:workflows|\.github): it is a link that leads out of the project/)
      expect([readdirSync(elsewhere), readdirSync(dir)]).toEqual([[], before])
    },
  )
})
