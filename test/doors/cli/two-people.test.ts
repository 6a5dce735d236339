import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { fileText, type Lab, openLab, prints, temporaryFolder, warns } from '../../lab/lab.ts'

const PAGE = fileText(import.meta.dirname, '../../../docs/two-people.md')

/** Makes a key pair as OpenSSH writes it, and gives the path of its private half. */
function keyOf(folder: string, name: string, ...how: readonly string[]) {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  const kind = how.length === 0 ? ['-t', 'ed25519'] : how
  execFileSync('ssh-keygen', ['-q', ...kind, '-N', '', '-C', name, '-f', path])
  return path
}

const linesOf = (lab: Lab) => fileText(lab.dir, 'trust/allowed_signers')

/** A project with a policy for two people, whose local user is alice, and the keys of both in a folder. */
async function office(...flags: readonly string[]) {
  const lab = openLab()
  const keys = temporaryFolder()
  const [alice, bob] = [keyOf(keys, 'alice'), keyOf(keys, 'bob')]
  for (const argv of [
    ['policy', 'init', ...(flags.length === 0 ? ['--two-person'] : flags)],
    ['trust', 'add', 'alice', `${alice}.pub`],
    ['trust', 'add', 'bob', `${bob}.pub`],
  ])
    await lab.ok(...argv)
  await lab.ok('plan workflow.yaml -o change.plan')
  return { lab, alice, bob }
}

describe('the page for two people (needs ssh-keygen and git)', () => {
  test('[3N3] has at most 400 words', () => {
    expect(PAGE.split(/\s+/).length).toBeLessThanOrEqual(400)
  })

  test('its way has at most 400 words with all that the second person sees until the change is approved', async () => {
    const { lab, bob } = await office()
    const way = PAGE.slice(0, PAGE.indexOf('## If Bob asks'))
    const { code, out, err } = await lab.eosflow('approve change.plan --key', bob, '-o', 'bob.approval')
    const shown = (await lab.eosflow('show change.plan')).out
    const words = [way, shown, out, err].map((text) => text.split(/\s+/).length)
    expect(code).toBe(0)
    expect(
      words.reduce((sum, one) => sum + one, 0),
      `${words}\n${shown}${out}${err}`,
    ).toBeLessThanOrEqual(400)
  })

  test('[3N3] its commands, as they stand, lead from no policy to a confirmed change', async () => {
    const lab = openLab()
    const homes = { alice: temporaryFolder(), bob: temporaryFolder() }
    for (const home of Object.values(homes)) keyOf(join(home, '.ssh'), 'id_ed25519')
    lab.write('bob.pub', fileText(homes.bob, '.ssh/id_ed25519.pub'))
    const git = (...argv: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=alice', '-c', 'user.email=alice@example.org', ...argv], { cwd: lab.dir })
    const blocks = [...PAGE.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim().split('\n'))
    // The last block is for Bob's own machine, where he is another local user.
    const [setUp = [], plan = [], approve = [], run = []] = blocks
    expect(blocks).toHaveLength(5)
    for (const [home, lines] of [
      [homes.alice, [...setUp, ...plan]],
      [homes.bob, approve],
      [homes.alice, run],
    ] as const) {
      for (const line of lines) {
        const [program, ...argv] = (line.match(/'[^']*'|\S+/g) ?? []).map((word) =>
          word.replace(/^'(.*)'$/, '$1').replace(/^~/, home),
        )
        if (program === 'git') git(...argv)
        else await lab.ok(...argv)
      }
    }
    expect(lab.whereIs('leaf1')).toBe('AFTER')
  })
})

describe('two people (needs ssh-keygen)', () => {
  test('[3N3] who asked as a local user and approves by their own key is one person, whatever way it comes', async () => {
    const { lab, alice } = await office()
    const says = 'the approval of alice does not count for change: the same person made the plan'
    const next =
      'Send change.plan to bob, who approves it: eosflow approve change.plan --key ~/.ssh/id_ed25519 -o change.approval\n    With what they send back: eosflow run change.plan --approval change.approval\n'
    const direct = await lab.eosflow('approve change.plan --key', alice)
    expect(direct).toMatchObject({ code: 4, err: expect.stringContaining(says) })
    expect(direct.err).toContain(next)
    const signed = await lab.eosflow('approve change.plan --key', alice, '-o', 'alice.approval')
    expect(signed.err).toContain('! alice asked for this plan')
    const run = await lab.eosflow('run change.plan --approval alice.approval')
    expect(run).toMatchObject({ code: 4, err: expect.stringContaining(says) })
    expect(run.err).toContain(
      'Send the plan to bob, who approves it: eosflow approve FILE.plan --key ~/.ssh/id_ed25519 -o FILE.approval\n',
    )
    expect((await lab.eosflow('approve change.plan')).err).toContain(next)
    expect(lab.commits('leaf1')).toEqual({ plain: 0, timed: 0, confirms: 0 })
  })

  test('a key that nobody has added is refused with the command that adds it', { tags: ['long', 'turn'] }, async () => {
    const { lab } = await office()
    const eve = keyOf(temporaryFolder(), 'eve')
    await warns(
      4,
      lab.eosflow('approve change.plan --key', eve),
      'is not among the allowed signers',
      `
    If you know whose key it is: eosflow trust add NAME KEY.pub, and plan again.
    Rule \`change\` wants an approval by a person who did not make the plan.
    Send change.plan to bob, who approves it: eosflow approve change.plan --key ~/.ssh/id_ed25519 -o change.approval
`,
    )
  })

  test('[3N3] what somebody asked for whom no key names, nobody can approve: it may be themselves', async () => {
    const lab = openLab()
    const keys = temporaryFolder()
    const bob = keyOf(keys, 'bob')
    lab.write('bob.pub', fileText(`${bob}.pub`))
    await lab.eosflow('policy init --two-person')
    await prints(0, lab.eosflow('trust add bob bob.pub'), '! bob cannot ask for a change yet')
    await lab.ok('plan workflow.yaml -o change.plan')
    const { err } = await warns(
      4,
      lab.eosflow('approve change.plan --key', bob),
      /nobody knows who local:\S+ is, who made the plan: it may be the same person/,
      /eosflow trust add NAME KEY\.pub --login local:/,
    )
    expect(err).not.toContain('Send')
  })

  test('with --lead only that person approves', { tags: ['long', 'turn'] }, async () => {
    const { lab, bob } = await office('--lead', 'bob')
    const carol = keyOf(temporaryFolder(), 'carol')
    await lab.eosflow(`trust add carol ${carol}.pub`)
    await lab.eosflow('plan workflow.yaml -o change.plan')
    await lab.exits(4, 'approve change.plan --key', carol)
    await lab.ok('approve change.plan --key', bob)
  })
})

describe('policy init', () => {
  test('writes nothing where there is a policy, a link, or no choice', async () => {
    const lab = openLab()
    expect(await lab.eosflow('policy init')).toMatchObject({ code: 3, out: '' })
    for (const lead of ['bob"] }', 'bob\nx: 1', 'kind:person', '*', 'b\u043eb', 'eosflow'])
      await lab.exits(3, 'policy init --lead', lead)
    const both = await lab.eosflow('policy init --two-person --lead bob')
    expect(both).toMatchObject({ code: 3, out: '', err: expect.stringContaining('are two policies') })
    expect(existsSync(join(lab.dir, 'policy.yaml'))).toBe(false)
    symlinkSync(join(lab.dir, 'elsewhere.yaml'), join(lab.dir, 'policy.yaml'))
    expect((await lab.eosflow('policy init --two-person --replace')).err).toContain('symbolic link')
    expect(existsSync(join(lab.dir, 'elsewhere.yaml'))).toBe(false)
  })

  test('replaces a policy only when it is told to, and its own has no warning', async () => {
    const lab = openLab({ files: { 'policy.yaml': 'version: 1\n' } })
    expect((await lab.eosflow('policy init --two-person')).err).toContain('there is a policy here already')
    expect(fileText(lab.dir, 'policy.yaml')).toBe('version: 1\n')
    await prints(0, lab.eosflow('policy init --two-person --replace'), 'Policy: 5 tests, 0 failed')
    expect(readdirSync(lab.dir)).not.toContain('policy.yaml.new')
    await lab.ok('policy test')
    const valid = await lab.eosflow('validate')
    expect(valid.out).not.toContain('policy.retire')
  })
})

describe('trust add (needs ssh-keygen)', () => {
  const ED = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBLCmydfvY+fS45QbXLySI8m22oBfvxg1ayBsMYk2fJ2'

  test.each<[string, readonly string[]]>(
    everyNth(3, 'kinds of keys', [
      ['ed25519', ['-t', 'ed25519']],
      ['rsa', ['-t', 'rsa', '-b', '2048']],
      ['ecdsa', ['-t', 'ecdsa', '-b', '384']],
    ]),
  )('takes a key of the kind %s, and says the same again', async (kind, how) => {
    const lab = openLab()
    const path = keyOf(temporaryFolder(), kind, ...how)
    await lab.ok(`trust add bob ${path}.pub`)
    const written = linesOf(lab)
    expect(written).toMatch(/^bob,local:\S+ namespaces="approval@eosflow" \S+ \S+\n$/)
    await prints(0, lab.eosflow(`trust add bob ${path}.pub`), /^= /)
    expect(linesOf(lab)).toBe(written)
  })

  test('takes a key of a token', async () => {
    const lab = openLab()
    const point = Buffer.alloc(32, 7)
    const string = (value: Buffer | string) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(Buffer.byteLength(value))
      return Buffer.concat([length, Buffer.from(value)])
    }
    const type = 'sk-ssh-ed25519@openssh.com'
    lab.write('t.pub', `${type} ${Buffer.concat([type, point, 'ssh:'].map(string)).toString('base64')} token\n`)
    await lab.ok('trust add bob t.pub')
    expect(linesOf(lab)).toMatch(/^bob namespaces="approval@eosflow" sk-ssh-ed25519@openssh\.com \S+\n$/)
  })

  test.each<[string, string, string]>(
    everyNth(4, 'keys that are refused', [
      ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0LWJ5dGVz\n', 'it is a private key'],
      ['a key of PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\nc2VjcmV0LWJ5dGVz\n', 'it is a private key'],
      ['nothing', '\n', 'it holds no key'],
      ['garbage', 'hello world\n', 'it is not a public key of SSH'],
      ['two keys', `${ED}\n${ED}\n`, 'it holds 2 lines'],
      ['an authority', `cert-authority ${ED}\n`, 'options are not taken over'],
      ['options', `command="x",restrict ${ED}\n`, 'options are not taken over'],
      ['a line of known hosts', `leaf1 ${ED}\n`, 'options are not taken over'],
      ['a certificate', 'ssh-ed25519-cert-v01@openssh.com AAAA\n', 'it is a certificate'],
      ['a key with more behind its end', `${ED}AAAA\n`, 'the key is not one of the kind ssh-ed25519'],
      ['a cut key', `${ED.slice(0, -8)}\n`, 'the key is not one of the kind ssh-ed25519'],
      [
        'a key for which anybody can sign',
        'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n',
        'anybody can sign for this key',
      ],
      ['a kind that is not verified', 'ssh-dss AAAAB3NzaC1kc3M=\n', 'it is not a public key of SSH'],
    ]),
  )('[3N3] refuses %s, writes nothing and prints nothing of it', async (_, text, says) => {
    const lab = openLab()
    lab.write('k.pub', text)
    const { err, out } = await warns(3, lab.eosflow('trust add bob k.pub'), says)
    expect(out).toBe('')
    expect(err).not.toContain('c2VjcmV0LWJ5dGVz')
    expect(existsSync(join(lab.dir, 'trust'))).toBe(false)
  })

  test.each(
    everyNth(4, 'names that are none', [
      '',
      ' bob',
      'bob\neve ssh-ed25519 AAAA',
      'bob,eve',
      '*',
      'b?b',
      '!bob',
      '#bob',
      '-bob',
      'bob@*',
      'kind:person',
      'local:0:root@vm',
      'SHA256:abc',
      'b\u043eb',
      'bob\u200b',
      'bo\u0301b',
      'eosflow',
      'EOSFLOW',
      'bob.',
      'x'.repeat(101),
    ]),
  )('takes no name like %j', async (name) => {
    const lab = openLab()
    lab.write('k.pub', `${ED}\n`)
    await lab.exits(3, 'trust add --', name, 'k.pub')
    expect(existsSync(join(lab.dir, 'trust'))).toBe(false)
  })

  test('[3N3] one person has one name, one key and one login: everything else is refused and the file stays', async () => {
    const lab = openLab()
    const keys = temporaryFolder()
    const [one, two] = [keyOf(keys, 'one'), keyOf(keys, 'two')]
    await lab.ok(`trust add bob ${one}.pub --login local:1001:bob@noc1`)
    const written = linesOf(lab)
    const refused = async (says: string, ...argv: readonly string[]) => {
      await warns(3, lab.eosflow('trust add', ...argv), says)
      expect(linesOf(lab)).toBe(written)
    }
    await refused('is that of bob: one key is of one person', 'eve', `${one}.pub`)
    await refused('is that of bob: one key is of one person', 'Bob', `${one}.pub`)
    await refused('bob has another key', 'bob', `${two}.pub`)
    await refused('bob has another key', 'BOB', `${two}.pub`)
    await refused('is bob: one local user is one person', 'eve', `${two}.pub`, '--login', 'local:1001:bob@noc1')
    await refused('is no local user', 'eve', `${two}.pub`, '--login', 'corp:sub:eve')
    await refused('is no local user', 'eve', `${two}.pub`, '--login', 'local:1:e@h,local:2:f@h')
  })

  test('writes through no link, and reads none', async () => {
    const lab = openLab()
    const path = keyOf(temporaryFolder(), 'bob')
    symlinkSync(`${path}.pub`, join(lab.dir, 'link.pub'))
    expect((await lab.eosflow('trust add bob link.pub')).err).toContain('symbolic link')
    const elsewhere = temporaryFolder()
    symlinkSync(elsewhere, join(lab.dir, 'trust'))
    expect((await lab.eosflow(`trust add bob ${path}.pub`)).err).toContain('symbolic link')
    expect(readdirSync(elsewhere)).toEqual([])
  })

  test('keeps what is there, the options of a line too, and adds a login to it', async () => {
    const lab = openLab()
    lab.write('trust/allowed_signers', `# ours\nbob namespaces="approval@eosflow",valid-before="20240101Z" ${ED} old`)
    lab.write('k.pub', `${ED}\n`)
    await lab.ok('trust add bob k.pub --login local:1001:bob@noc1')
    expect(linesOf(lab)).toBe(
      `# ours\nbob,local:1001:bob@noc1 namespaces="approval@eosflow",valid-before="20240101Z" ${ED} old`,
    )
  })

  test('writes nothing where a test of the policy fails, or the policy is not good', async () => {
    const lab = openLab({ files: { 'policy.yaml': 'version: 1\nrules: [ { id: x } ]\n' } })
    lab.write('k.pub', `${ED}\n`)
    await lab.exits(3, 'trust add bob k.pub')
    lab.write(
      'policy.yaml',
      'version: 1\ntests: [ { name: t, given: { who: { issuer: local, id: a }, action: task.push, devices: [{ name: x }] }, expect: allow } ]\n',
    )
    expect((await lab.eosflow('trust add bob k.pub')).err).toContain('1 test of the policy fails')
    expect(existsSync(join(lab.dir, 'trust'))).toBe(false)
  })
})
