// @module-tag long
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gitIn } from '../doors/cli/git-tree.ts'
import { everyNthOfLong } from '../extent.ts'
import { type Ended, exits, type Lab, openLab, planAt, workflowFor } from '../lab/lab.ts'

const changeOf = (vlan: number, on = 'leaf1') =>
  `workflow: vlan\nparams: { vlan: ${vlan}, label: V${vlan} }\ntargets: ${on}\n`

/** A lab whose project is a repository: `main` has two change files, and the branch that is checked out is one commit behind where it left. */
function repository() {
  const lab = openLab({
    files: {
      'workflows/vlan.yaml': workflowFor('leaf1 or leaf3', {
        lines: ['vlan {{ vlan }}', '   name {{ label }}'],
        extra: 'params: { vlan: { type: integer }, label: { type: string } }',
      }),
      'changes/kept.yaml': changeOf(990),
      'changes/gone.yaml': changeOf(991),
      'changes/edited.yaml': changeOf(992),
      '.gitignore': '.eosflow\nplans\n',
    },
  })
  const git = (...args: readonly string[]) => gitIn(lab.dir, ...args)
  git('init', '--quiet', '--initial-branch=main')
  git('add', '-A')
  git('commit', '--quiet', '-m', 'begin')
  git('checkout', '--quiet', '-b', 'feature')
  lab.write('changes/added.yaml', changeOf(993))
  lab.write('changes/2026/deep.yaml', changeOf(994, 'leaf3'))
  lab.write('changes/edited.yaml', changeOf(995))
  lab.write('changes/notes.txt', 'no change file\n')
  lab.write('elsewhere.yaml', changeOf(996))
  rmSync(join(lab.dir, 'changes/gone.yaml'))
  git('add', '-A')
  git('commit', '--quiet', '-m', 'feature')
  git('checkout', '--quiet', 'main')
  lab.write('changes/of-main.yaml', changeOf(997))
  git('add', '-A')
  git('commit', '--quiet', '-m', 'main goes on')
  git('checkout', '--quiet', 'feature')
  return lab
}

const said = ({ out, err }: Ended) => out + err
const planned = (text: string) => text.match(/^changes\/\S+$/gm) ?? []

describe('plan --changed', () => {
  test('plans what the branch adds and edits since it has left, and names what it deletes', {
    tags: 'turn',
  }, async () => {
    const lab = repository()
    const ended = await lab.exits(2, 'plan --changed main...HEAD -o plans --detailed-exitcode')
    expect(planned(ended.out)).toEqual(['changes/2026/deep.yaml', 'changes/added.yaml', 'changes/edited.yaml'])
    expect(ended.err).toContain('changes/gone.yaml is deleted: nothing is planned for it\n')
    expect(ended.err).toContain('3 change files of main...HEAD planned\n')
    for (const name of ['2026/deep', 'added', 'edited'])
      expect(planAt(lab, `plans/${name}.yaml.plan`).content.changeFile.file).toBe(`changes/${name}.yaml`)
    await lab.ok('plan --changed main...')
  })

  test('with two dots also what the other one has had since is looked at', { tags: 'turn' }, async () => {
    const lab = repository()
    const { err, out } = await lab.ok('plan --changed main..HEAD')
    expect(err).toContain('changes/of-main.yaml is deleted')
    expect(planned(out)).toHaveLength(3)
  })

  test.each<[string, string, (lab: Lab) => void, string]>([
    [
      'a link',
      'changes/link.yaml',
      ({ dir }) => symlinkSync('../elsewhere.yaml', join(dir, 'changes/link.yaml')),
      'it is a symbolic link',
    ],
    [
      'a submodule',
      'changes/sub',
      ({ dir }) => {
        const head = gitIn(dir, 'rev-parse', 'HEAD').trim()
        gitIn(dir, 'update-index', '--add', '--cacheinfo', `160000,${head},changes/sub`)
      },
      'it is a submodule',
    ],
    [
      'another ending',
      'changes/a.YAML',
      (lab) => lab.write('changes/a.YAML', changeOf(998)),
      'it is no change file by its',
    ],
    [
      'wide letters',
      'changes/a.ｙａｍｌ',
      (lab) => lab.write('changes/a.ｙａｍｌ', changeOf(998)),
      'it is no change file by its',
    ],
    [
      'a blank at the end',
      'changes/a.yaml ',
      (lab) => lab.write('changes/a.yaml ', changeOf(998)),
      'it is no change file by its',
    ],
    [
      'a character that nobody sees',
      'chan\\u{200b}ges/a.yaml',
      (lab) => lab.write('chan\u200bges/a.yaml', changeOf(998)),
      'it is no change file by its',
    ],
  ])('[3A8] names what looks like a change file and is none: %s', async (_name, path, make, words) => {
    const lab = repository()
    make(lab)
    if (path !== 'changes/sub') gitIn(lab.dir, 'add', '-A')
    gitIn(lab.dir, 'commit', '--quiet', '-m', 'more')
    const ended = await lab.eosflow('plan --changed main...HEAD')
    expect([ended.code, ended.err]).toEqual([3, expect.stringContaining(words)])
    expect(ended.err).toContain(path.trimEnd())
    expect(planned(ended.out)).toEqual([])
  })

  test('[3A8] names what lies beside change files', async () => {
    const { err } = await repository().eosflow('plan --changed main...HEAD')
    expect(err).toContain('changes/notes.txt is no change file: nothing is planned for it\n')
  })

  test('says that none is changed', async () => {
    const lab = repository()
    expect(await lab.eosflow('plan --changed HEAD...HEAD --detailed-exitcode')).toEqual({
      code: 0,
      out: '',
      err: 'no change file is added or edited by HEAD...HEAD\n',
    })
  })

  test('tells what is wrong with any before a switch is asked', { tags: 'turn' }, async () => {
    const lab = repository()
    lab.write('changes/edited.yaml', 'workflow: vlam\n')
    lab.write('changes/added.yaml', 'workflow: vlan\nparams: { vlan: x, label: A }\n')
    const ended = await lab.exits(3, 'plan --changed main...HEAD -o plans')
    expect(said(ended)).toMatch(/changes\/edited\.yaml:1:11: [\s\S]*|changes\/added\.yaml:2:17: /)
    expect(said(ended)).toContain('changes/edited.yaml:1:11: ')
    expect(lab.fabric.devices.reduce((sum, device) => sum + device.counters().requests, 0)).toBe(0)
    expect(existsSync(join(lab.dir, 'plans'))).toBe(false)
  })

  test('refuses one that the range ends with and the folder has not, before a switch is asked', async () => {
    const lab = repository()
    rmSync(join(lab.dir, 'changes/edited.yaml'))
    const ended = await lab.eosflow('plan --changed main...HEAD -o plans')
    expect([ended.code, ended.out]).toEqual([3, ''])
    expect(ended.err).toContain('changes/edited.yaml:1:1: there is no change file changes/edited.yaml')
    expect(lab.fabric.devices.reduce((sum, device) => sum + device.counters().requests, 0)).toBe(0)
  })

  test('names a file that is not as the range has it', { tags: 'turn' }, async () => {
    const lab = repository()
    lab.write('changes/edited.yaml', changeOf(998))
    const { err } = await lab.ok('plan --changed main...HEAD')
    expect(err).toContain('! changes/edited.yaml is planned as it is in the folder, which is not as in main...HEAD\n')
    expect(err).not.toContain('! changes/added.yaml')
  })

  test('[G64] as JSON is a line for each plan, and one for all; the gravest exit code is that of all', async () => {
    const lab = repository()
    lab.fault({ device: 'leaf3', kind: 'unreachable' })
    const ended = await lab.exits(10, 'plan --changed main...HEAD --json --detailed-exitcode')
    const lines = ended.out.trimEnd().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      version: 1,
      kind: 'changed',
      range: 'main...HEAD',
      planned: [
        { file: 'changes/2026/deep.yaml', exitCode: 10 },
        { file: 'changes/added.yaml', exitCode: 2 },
        { file: 'changes/edited.yaml', exitCode: 2 },
      ],
      deleted: ['changes/gone.yaml'],
      exitCode: 10,
    })
  })

  test('as Markdown shares its bytes among all plans', { tags: 'turn' }, async () => {
    const lab = repository()
    const { out } = await lab.ok('plan --changed main...HEAD --markdown --max-bytes 60000')
    expect(out.match(/^## .*$/gm)).toEqual([
      '## changes/2026/deep.yaml',
      '## changes/added.yaml',
      '## changes/edited.yaml',
    ])
    expect(out.match(/sha256:[0-9a-f]{64}/g)?.length).toBe(3)
    expect(out.match(/^[+] .*/gm)).toEqual([
      '+ vlan 994',
      '+    name V994',
      '+ vlan 993',
      '+    name V993',
      '+ vlan 995',
      '+    name V995',
    ])
    expect(Buffer.byteLength(out)).toBeLessThanOrEqual(60_000)
    const none = await lab.eosflow('plan --changed main...HEAD --markdown --max-bytes 9000')
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('`9000` is too short for 3 plans: at least 24')])
  })

  test('as Markdown keeps its bytes where paths are long', { tags: 'turn' }, async () => {
    const lab = repository()
    const folder = Array.from({ length: 12 }, (_, level) => `${level}-${'ä'.repeat(90)}`).join('/')
    lab.write(`changes/${folder}/a.yaml`, changeOf(996))
    lab.write(`changes/${folder}/b.yaml`, changeOf(997))
    gitIn(lab.dir, 'add', '-A')
    gitIn(lab.dir, 'commit', '--quiet', '-m', 'long')
    const planOf = (bytes: number) =>
      lab.eosflow('plan --changed HEAD~1..HEAD --markdown --max-bytes', String(bytes), '-o', 'plans')
    const { out } = await exits(0, planOf(24_000))
    expect(out.match(/^## changes\//gm)).toHaveLength(2)
    expect(out.match(/sha256:[0-9a-f]{64}/g)?.length).toBeGreaterThanOrEqual(2)
    expect(Buffer.byteLength(out)).toBeLessThanOrEqual(24_000)
    const short = await planOf(20_000)
    expect([short.code, short.out]).toEqual([3, ''])
    const [, least = '0'] = /`20000` is too short for 2 plans: at least (\d+)/.exec(short.err) ?? []
    expect(Buffer.byteLength((await planOf(Number(least))).out)).toBeLessThanOrEqual(Number(least))
    await exits(3, planOf(Number(least) - 1))
  })

  test.each(
    everyNthOfLong(4, 'lines that are refused', [
      [['--changed', 'main'], 'it is no range'],
      [['--changed', 'nowhere...HEAD'], 'there is no commit `nowhere` here'],
      [['--changed', '--upload-pack=touch pwned...HEAD'], 'names no commit'],
      [['--changed', 'main...--output=pwned'], 'names no commit'],
      [['--changed', 'main....HEAD'], 'there is no commit `main.` here'],
      [['--changed', 'main...HEAD', 'workflow.yaml'], '`workflow.yaml` beside --changed'],
      [['--changed', 'main...HEAD', '-p', 'vlan=1'], '-p: a change file says its switches and values itself'],
      [['--changed', 'main...HEAD', '-t', 'leaf1'], '-t: a change file says'],
      [[], 'nothing is named that is to be planned'],
    ]),
  )('%j is refused', async (argv, message) => {
    const lab = repository()
    const ended = await lab.exits(3, 'plan', ...argv)
    expect(said(ended)).toContain(message)
    expect(existsSync(join(lab.dir, 'pwned'))).toBe(false)
  })

  test('a repository that would run programs runs none', { tags: 'turn' }, async () => {
    const lab = repository()
    const pwned = join(lab.dir, 'pwned')
    const program = join(lab.dir, '.git/evil')
    writeFileSync(program, `#!/bin/sh\ntouch ${pwned}\ncat\n`, { mode: 0o755 })
    for (const [name, value] of [
      ['core.fsmonitor', program],
      ['core.hooksPath', join(lab.dir, '.git/evil-hooks')],
      ['diff.external', program],
      ['diff.evil.textconv', program],
      ['diff.evil.command', program],
      ['filter.evil.clean', program],
      ['filter.evil.smudge', program],
      ['core.pager', program],
      ['pager.diff-tree', program],
      ['core.sshCommand', program],
      ['alias.diff-tree', `!${program}`],
      ['alias.rev-parse', `!${program}`],
    ] as const)
      gitIn(lab.dir, 'config', name, value)
    mkdirSync(join(lab.dir, '.git/evil-hooks'))
    for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction', 'fsmonitor-watchman'])
      writeFileSync(join(lab.dir, '.git/evil-hooks', hook), `#!/bin/sh\ntouch ${pwned}\n`, { mode: 0o755 })
    lab.write('.git/info/attributes', '* diff=evil filter=evil\n')
    const ended = await lab.ok('plan --changed main...HEAD')
    expect(planned(ended.out)).toHaveLength(3)
    expect(existsSync(pwned)).toBe(false)
  })
})
