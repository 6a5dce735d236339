import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bundleDigest, readManifest } from '../../../../src/change/record/bundle-manifest.ts'
import { TEN_YEARS } from '../../../../src/change/record/store/notes.ts'
import { workflowTests } from '../../../../src/doors/cli/option/workflow-tests.ts'
import type { Principal } from '../../../../src/model/principal.ts'
import { Secret } from '../../../../src/model/secret.ts'
import {
  diffBundles,
  listBundles,
  showBundle,
  unpublishable,
} from '../../../../src/project/authoring/publish/publish.ts'
import { projectText } from '../../../../src/project/files/project-text.ts'
import { published as onPublished } from '../../../../src/project/history/bundle/published.ts'
import { Scrubber } from '../../../../src/project/secret/scrubber.ts'
import { knownKeys } from '../../../../src/project/switches/connect/open-fleet.ts'
import { noteVersions } from '../../../../src/project/switches/snapshot/read-versions.ts'
import { InputError } from '../../../../src/project/system/process/input-error.ts'
import { type App, openLab, workflowFor } from '../../../lab/lab.ts'
import { ANN, openedIn, published } from './opened.ts'

const ASKING = { principal: ANN }

function labWith(files: Readonly<Record<string, string>> = {}) {
  const lab = openLab({ files: { 'workflows/leaf.yaml': workflowFor('leaf1') } })
  for (const [path, text] of Object.entries(files)) lab.write(path, text)
  return lab
}

/** The paths that are in the bundle in force. */
const pathsIn = async (app: App) => (await showBundle(app, ASKING, undefined)).paths.map(({ path }) => path)

const OWN = ['eosflow.yaml', 'inventory.yaml', 'workflows/leaf.yaml']

/** A lab, and the application of its folder. */
async function labOpened(files: Readonly<Record<string, string>> = {}, by = ANN) {
  const lab = labWith(files)
  return { lab, app: await openedIn(lab.dir, { lab, by }) }
}

/** The codes and places of what is wrong with a project that is published. */
async function refused(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof InputError)) throw error
  return error.problems.map(({ code, at }) => `${code} ${at.file}:${at.line}`)
}

const OF_TEMPLATE = workflowFor('leaf1').replace(/change: .*/, 'change: { mode: merge, template: parts/ntp.j2 }')

describe('what is published', () => {
  test('is nothing that the store keeps, also where a link leads there', async () => {
    const lab = labWith({ 'workflows/leaf.yaml': OF_TEMPLATE, 'workflows/parts/ntp.j2': 'ntp server 192.0.2.1\n' })
    lab.write('.eosflow/inventory/netbox.json', '{"kept": "an answer"}')
    symlinkSync(join(lab.dir, '.eosflow/inventory'), join(lab.dir, 'workflows/parts/answers'))
    const app = await openedIn(lab.dir, { lab })
    await published(app)
    expect(await pathsIn(app)).toEqual([...OWN, 'workflows/parts/ntp.j2'])
  })

  test('may hold a doubted line that a switch of the version of each has taken', async () => {
    const doubted = workflowFor("'leaf1,leaf2'", { lines: ['ntp serer 192.0.2.1'] })
    const { app } = await labOpened({ 'workflows/leaf.yaml': doubted })
    const REFUSED = ['misspelt-word workflows/leaf.yaml:3']
    expect(await refused(published(app))).toEqual(REFUSED)
    await app.notes.set('taken-forms', 'ntp serer <ip>', '4.31.4M', TEN_YEARS)
    await noteVersions(app.notes, new Map([['leaf1', '4.31.4M']]))
    expect(await refused(published(app))).toEqual(REFUSED)
    await noteVersions(app.notes, new Map([['leaf2', '4.31.4M']]))
    expect(await published(app)).toMatchObject({ isNew: true })
  })

  test('is what was judged, whatever is written meanwhile', async () => {
    const policy = (more: string) =>
      `version: 1\nrules:\n  - { id: all, to: ['kind:person'], allow: [bundle.publish, audit.read${more}] }\n`
    const { lab, app } = await labOpened({ 'policy.yaml': policy('') })
    const before = (await app.store.policySeen())?.policy
    // Everything that was collected is searched for secrets, file by file.
    const scrub = app.scrubber.scrub.bind(app.scrubber)
    app.scrubber.scrub = (text) => {
      lab.write('policy.yaml', policy(', clock.accept'))
      return scrub(text)
    }
    await published(app)
    const inForce = await onPublished(app)
    expect(inForce.project.policy()?.digest).toBe(before)
    expect((await app.store.policySeen())?.policy).toBe(before)
  })

  test('has the invariants, all files of their folder', async () => {
    const rule = (name: string) => `invariants:\n  - { name: ${name}, each: vlan *, must: name *, because: it is so }\n`
    const { lab, app } = await labOpened({ 'invariants/a.yaml': rule('one'), 'invariants/b.yml': rule('two') })
    await published(app)
    // What comes into the folder later is not published.
    lab.write('invariants/c.yaml', rule('three'))
    const inForce = (await onPublished(app)).project.invariants()
    expect(inForce?.invariants.map(({ invariant: { name } }) => name)).toEqual(['one', 'two'])
    expect(app.project.invariants()?.invariants).toHaveLength(3)
    lab.write('invariants/c.yaml', rule('one'))
    expect(await refused(published(app))).toEqual(['duplicate-invariant invariants/c.yaml:2'])
  })

  test('is listed, shown and compared, and the same files are published once', async () => {
    const { lab, app } = await labOpened()
    const first = await published(app)
    expect(first).toMatchObject({ isNew: true, files: 3 })
    expect(await published(app)).toEqual({ ...first, isNew: false })
    lab.write('workflows/leaf.yaml', OF_TEMPLATE)
    lab.write('workflows/parts/ntp.j2', 'ntp server 192.0.2.1\n')
    lab.write('workflows/parts/.hidden', 'x')
    lab.write('workflows/parts/other.j2', 'x\n')
    expect(await diffBundles(app, ASKING, {}, workflowTests)).toEqual({
      from: first.bundle,
      added: ['workflows/parts/ntp.j2', 'workflows/parts/other.j2'],
      removed: [],
      changed: ['workflows/leaf.yaml'],
    })
    const second = await published(app)
    expect(second).toMatchObject({ isNew: true, files: 5, before: first.bundle })
    const listed = await listBundles(app, ASKING)
    expect(listed.map(({ bundle, by, tool }) => [bundle, by, tool])).toEqual([
      [second.bundle, ANN.id, '0.1.0'],
      [first.bundle, ANN.id, '0.1.0'],
    ])
    const { paths } = await showBundle(app, ASKING, first.bundle.slice(7, 15))
    expect(paths.map(({ path }) => path)).toEqual(OWN)
    expect(await diffBundles(app, ASKING, { from: second.bundle, to: first.bundle }, workflowTests)).toMatchObject({
      removed: ['workflows/parts/ntp.j2', 'workflows/parts/other.j2'],
    })
    expect(await refused(showBundle(app, ASKING, 'ffff'))).toEqual(['no-such-bundle ffff:1'])
  })

  test('is refused as `validate` refuses it, and then nothing is stored', async () => {
    const { app } = await labOpened({ 'workflows/bad.yaml': 'name: bad\n' })
    expect(await refused(published(app))).toContain('missing-key workflows/bad.yaml:1')
    expect(await app.store.bundles()).toEqual([])
  })

  test('holds no secret that is known, no private key and nothing but text: each is named with its line', async () => {
    const { lab, app } = await labOpened({
      'workflows/leaf.yaml': OF_TEMPLATE,
      'workflows/parts/ntp.j2': 'ntp server 192.0.2.1\n',
    })
    app.scrubber.register(new Secret('correct-horse-battery'), 'the reference of a credential')
    const encoded = Buffer.from('correct-horse-battery').toString('base64')
    lab.write('workflows/parts/plain.cfg', '! a\nusername x secret 0 correct-horse-battery\n')
    lab.write('workflows/parts/encoded.cfg', `!\n!\nkey ${encoded}\n`)
    lab.write('workflows/parts/key.pem', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n')
    lab.write('workflows/parts/bytes.bin', Buffer.from([0xff, 0xfe, 0x00]))
    const work = published(app)
    expect(await refused(work)).toEqual([
      'not-utf-8 workflows/parts/bytes.bin:1',
      'secret-in-bundle workflows/parts/encoded.cfg:3',
      'private-key workflows/parts/key.pem:1',
      'secret-in-bundle workflows/parts/plain.cfg:2',
    ])
    const error: unknown = await published(app).catch((thrown: unknown) => thrown)
    const texts = error instanceof InputError ? error.problems.map(({ message }) => message) : []
    expect(texts).toContain('the file holds the value of the reference of a credential')
    expect(texts.join()).not.toContain('correct-horse')
    expect(await app.store.bundles()).toEqual([])
  })

  test('holds the files of the project by which switches and services prove who they are', async () => {
    const device = (name: string, more: object) => [name, { host: '192.0.2.1', credentials: 'rw', ...more }] as const
    const lab = labWith({
      'inventory.yaml': JSON.stringify({
        credentials: { rw: { username: 'x', password: `\${env:X}`, key: `\${env:K}`, certificate: 'certs/me.pem' } },
        devices: Object.fromEntries([
          device('leaf1', { tls: { ca: 'certs/ca.pem' } }),
          device('leaf2', { tls: { tofu: './certs/pins' }, host: '192.0.2.2' }),
          device('leaf3', { transport: 'ssh', ssh: { knownHosts: 'certs/hosts' }, host: '192.0.2.3' }),
          device('leaf4', { transport: 'ssh', ssh: { knownHosts: '~/.ssh/known_hosts' }, host: '192.0.2.4' }),
        ]),
      }),
      ...Object.fromEntries(
        ['me.pem', 'ca.pem', 'pins', 'hosts', 'other'].map((name) => [`certs/${name}`, `${name}\n`]),
      ),
    })
    const app = await openedIn(lab.dir, { lab })
    await published(app)
    expect((await pathsIn(app)).filter((path) => path.startsWith('certs/'))).toEqual([
      'certs/ca.pem',
      'certs/hosts',
      'certs/me.pem',
      'certs/pins',
    ])
    const { project } = await onPublished(app)
    lab.write('certs/hosts', 'changed\n')
    expect([await projectText(project, './certs/hosts'), await knownKeys(project, 'certs/other')]).toEqual([
      'hosts\n',
      '',
    ])
  })

  test('leaves out the store and what is kept beside it, wherever the settings put them', async () => {
    const lab = labWith({
      'eosflow.yaml': 'version: 1\nstore: workflows/parts/kept/store.db\n',
      'workflows/leaf.yaml': OF_TEMPLATE,
      'workflows/parts/ntp.j2': 'ntp server 192.0.2.1\n',
      'workflows/parts/kept/notes.txt': 'x\n',
    })
    const app = await openedIn(lab.dir, { lab })
    await published(app)
    expect(await pathsIn(app)).toEqual([...OWN, 'workflows/parts/ntp.j2'])
  })
})

const BOB: Principal = { issuer: 'local', id: 'local:1001:bob@noc1', kind: 'person', auth: 'os' }

/** A policy that lets these publish, and everybody read the record. */
const policyFor = (...members: readonly string[]) => `version: 1
roles: { publishers: { members: [${members.map((one) => `'${one}'`).join(', ')}] } }
rules:
  - { id: publish, to: [publishers], allow: [bundle.publish] }
  - { id: read, to: ['kind:person'], allow: [audit.read] }
`

describe('a name that misleads is refused', () => {
  const names = (...paths: readonly string[]) =>
    unpublishable({ files: new Map(paths.map((path) => [path, Buffer.from('x\n')])) }, new Scrubber()).map(
      ({ code, at }) => `${code} ${at.file}`,
    )

  test.each([
    ['a line break', 'workflows/a\nb.yaml', 'workflows/a\\u{a}b.yaml'],
    ['text that turns round', 'workflows/\u202Elmay.fael', 'workflows/\\u{202e}lmay.fael'],
    ['a joiner', 'workflows/le\u200Daf.yaml', 'workflows/le\\u{200d}af.yaml'],
    ['an escape', 'workflows/\u001B[2J', 'workflows/\\u{1b}[2J'],
  ])('[3G11] %s', (_, path, shown) => {
    expect(names('eosflow.yaml', path)).toEqual([`hidden-in-name ${shown}`])
  })

  test.each([
    ['in case', 'workflows/Leaf.yaml', 'workflows/leaf.yaml'],
    ['in the case of a folder', 'Workflows/a.yaml', 'workflows/b.yaml'],
    ['in how a letter is written', 'parts/caf\u00e9.j2', 'parts/cafe\u0301.j2'],
    ['in wide letters', 'parts/leaf.j2', 'parts/\uFF4Ceaf.j2'],
  ])('[3G11] of two that differ only %s', (_, one, other) => {
    expect(names(one, other)).toEqual([`alike-names ${other}`])
    expect(names(one)).toEqual([])
  })

  test('where a project is published', async () => {
    const { app } = await labOpened({ 'workflows/Leaf.yaml': workflowFor('leaf2') })
    expect(await refused(published(app))).toEqual(['alike-names workflows/leaf.yaml:1'])
    expect(await app.store.bundles()).toEqual([])
  })
})

describe('who may publish', () => {
  test('is said by the policy of the bundle that is in force, whatever the folder says', async () => {
    const lab = labWith({ 'policy.yaml': policyFor(ANN.id) })
    const before = await openedIn(lab.dir, { lab })
    await published(before)
    lab.write('policy.yaml', policyFor(BOB.id))
    const app = await openedIn(lab.dir, { lab, by: BOB })
    await expect(published(app, [], BOB)).rejects.toMatchObject({ kind: 'not-authorised' })
    expect((await app.store.bundles()).length).toBe(1)
    expect((await published(app)).isNew).toBe(true)
    await expect(published(app)).rejects.toMatchObject({ kind: 'not-authorised' })
    lab.write('workflows/leaf.yaml', workflowFor('leaf2'))
    expect((await published(app, [], BOB)).isNew).toBe(true)
  })

  test('cannot become nobody, and a policy that is gone is missed', async () => {
    const { lab, app } = await labOpened({ 'policy.yaml': policyFor(ANN.id) })
    await published(app)
    lab.write('policy.yaml', 'version: 1\nrules: [{ id: read, to: ["kind:person"], allow: [audit.read] }]\n')
    expect(await refused(published(app))).toEqual(['locked-out policy.yaml:1'])
  })

  test('the policy goes on record with the bundle, once', async () => {
    const lab = labWith({ 'policy.yaml': policyFor(ANN.id) })
    const first = await openedIn(lab.dir, { lab })
    await published(first)
    const seen = (await first.store.policySeen())?.seq
    lab.write('policy.yaml', policyFor(ANN.id, BOB.id))
    const app = await openedIn(lab.dir, { lab })
    expect((await app.store.policySeen())?.seq).toBe(seen)
    await published(app)
    expect(await app.store.policySeen()).toMatchObject({ type: 'PolicyLoaded', policy: app.project.policy()?.digest })
  })
})

const MANIFEST = {
  version: 1,
  kind: 'eosflow.bundle',
  files: [{ path: 'a', digest: `sha256:${'0'.repeat(64)}`, ref: 'blob:1' }],
  folders: [{ path: 'b', entries: [{ name: 'c', kind: 'file' }] }],
} as const

describe('the list of a bundle', () => {
  test('has a digest that does not depend on the store, and on everything else', () => {
    const digest = bundleDigest(MANIFEST)
    expect(digest).toBe('sha256:78ca3b9d8d4ccd45e86b937d01ae2b0cb8358c720406360f842fd10e55321861')
    const other = (change: object) => bundleDigest({ ...MANIFEST, ...change }) === digest
    expect([
      other({ files: [{ ...MANIFEST.files[0], ref: 'blob:2' }] }),
      other({ files: [{ ...MANIFEST.files[0], path: 'b' }] }),
      other({ files: [{ ...MANIFEST.files[0], digest: `sha256:${'1'.repeat(64)}` }] }),
      other({ folders: [] }),
    ]).toEqual([true, false, false, false])
  })

  test.each([
    [{ ...MANIFEST, version: 2 }, 'the bundle has version 2; this eosflow reads version 1'],
    [{ ...MANIFEST, kind: 'other' }, 'the list of a bundle is malformed'],
    [{ ...MANIFEST, more: 1 }, 'the list of a bundle is malformed'],
    [[], 'the list of a bundle is malformed'],
  ])('of another form is refused by name: %#', (value, message) => {
    expect(() => readManifest(JSON.stringify(value))).toThrow(message)
    expect(() => readManifest('{')).toThrow('the list of a bundle is not JSON')
  })

  test('a file is read to its end', () => {
    const scrubber = new Scrubber()
    scrubber.register(new Secret('hunter2-and-more'), 'x')
    const text = `${'a\n'.repeat(1000)}hunter2-and-more\n`
    expect(unpublishable({ files: new Map([['f', Buffer.from(text)]]) }, scrubber).map(({ at }) => at.line)).toEqual([
      1001,
    ])
  })
})
