import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { type Notes, TEN_YEARS } from '../../../src/change/record/store/notes.ts'
import { versionsRead } from '../../../src/project/switches/snapshot/read-versions.ts'
import { everyNth } from '../../extent.ts'
import { DC1, type Lab, openLab, prints, warns, workflowFor } from '../../lab/lab.ts'
import { openStoreIn } from './project-with-executions.ts'

/** The bundled fabric runs it on its leaves. */
const EOS = '4.31.4M'
const NTP = 'ntp serer <ip>'
const MTU = 'interface <interface> > mtu <int> frobnicated'

const DOUBTED = ['ntp serer 192.0.2.1', 'interface Ethernet2', '   mtu 9000 frobnicated']
const doubtedLab = (targets: string, files: Readonly<Record<string, string>> = {}) =>
  openLab({
    workflow: workflowFor(targets, { lines: DOUBTED }),
    files: { 'vlan.yaml': workflowFor(targets), ...files },
  })

const storeOf = ({ dir }: Lab) => join(dir, '.eosflow/store.db')

/** Gives what is done with the notes of the store of a lab. */
async function inNotes<T>(lab: Lab, act: (notes: Notes) => Promise<T>) {
  const store = await openStoreIn(lab.dir, lab.clock)
  try {
    return await act(store.notes)
  } finally {
    await store.close()
  }
}

/** Notes that real switches have taken forms on a version: those of a lab are simulated, and teach nothing. */
const learn = (lab: Lab, eos: string, ...forms: readonly string[]) =>
  inNotes(lab, async (notes) => {
    for (const form of forms) await notes.set('taken-forms', form, eos, TEN_YEARS)
  })

/** What validate makes of the workflow: its exit code, the codes of its problems and warnings, and its notes. */
async function validated(lab: Lab) {
  const { code, out, err } = await lab.eosflow('validate workflow.yaml --json')
  const said = JSON.parse(out)
  const found = [...(said.error?.problems ?? said.problems ?? []), ...(said.warnings ?? [])]
  const codes = found.flatMap((one) => (/misspelt|doubtful/.test(one.code) ? [one.code] : []))
  return { code, codes, notes: err.split('\n').filter((line) => line.startsWith('! ')) }
}

const REFUSED = { code: 3, codes: ['misspelt-word'], notes: [] }

describe('without a switch, forms that switches have taken', () => {
  test('speak for doubted lines on the version that was last read of a switch: validate and plan --offline ask the store', {
    tags: 'long',
  }, async () => {
    const lab = doubtedLab('leaf1')
    expect(await validated(lab)).toEqual(REFUSED)
    expect(existsSync(join(lab.dir, '.eosflow'))).toBe(false)
    await lab.ok('plan vlan.yaml')
    expect(await validated(lab)).toEqual(REFUSED)
    await learn(lab, EOS, NTP)
    expect(await validated(lab)).toEqual({ code: 0, codes: ['doubtful-line'], notes: [] })
    await learn(lab, EOS, MTU)
    const before = readFileSync(storeOf(lab))
    expect(await validated(lab)).toEqual({ code: 0, codes: [], notes: [] })
    expect(readFileSync(storeOf(lab)).equals(before)).toBe(true)
    const { out, err } = await prints(
      0,
      lab.eosflow('plan workflow.yaml --offline', DC1, '--json'),
      '{"sign":"+","text":"ntp serer 192.0.2.1"}',
    )
    expect(err).toBe('')
    expect(out).not.toContain('doubtful-line')
  })

  test('of another version do not', async () => {
    const lab = doubtedLab('leaf1')
    await lab.eosflow('plan vlan.yaml')
    await learn(lab, '4.32.2F', NTP, MTU)
    expect(await validated(lab)).toEqual(REFUSED)
    await prints(10, lab.eosflow('plan workflow.yaml --offline', DC1, '--json'), 'is misspelt')
  })

  test('count for lines that cannot be rendered where every switch has such a version', async () => {
    const lines = ['ntp serer 192.0.2.1', 'hostname {{ label }}']
    const workflow = workflowFor("'leaf1,leaf2'", { lines, extra: 'params: { label: { type: string } }' })
    const lab = openLab({ workflow, files: { 'one.yaml': workflowFor('leaf1'), 'two.yaml': workflowFor('leaf2') } })
    await lab.eosflow('plan one.yaml')
    await learn(lab, EOS, NTP)
    expect(await validated(lab)).toMatchObject({ code: 3, codes: ['misspelt-word'] })
    await lab.eosflow('plan two.yaml')
    expect(await validated(lab)).toMatchObject({ code: 0, codes: [], notes: [] })
  })

  test('do not for a switch whose version nobody has read, which is said; a snapshot reads it', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = doubtedLab("'leaf1,leaf2'", { 'one.yaml': workflowFor('leaf1') })
    await lab.eosflow('plan one.yaml')
    await learn(lab, EOS, NTP, MTU)
    const note =
      '! a switch has taken lines of such a form, and the version of leaf2 is on no record: a plan or a snapshot reads it'
    expect(await validated(lab)).toEqual({ ...REFUSED, notes: [note] })
    await warns(10, lab.eosflow('plan workflow.yaml --offline', DC1), `${note}\n`)
    await lab.eosflow('snapshot take now -t leaf2')
    expect(await inNotes(lab, (notes) => versionsRead({ notes }))).toEqual(
      new Map([
        ['leaf1', EOS],
        ['leaf2', EOS],
      ]),
    )
    expect(await validated(lab)).toEqual({ code: 0, codes: [], notes: [] })
  })
})

describe('validate reads a store that it neither makes nor needs', () => {
  test('what is good is validated without it', async () => {
    const lab = openLab()
    await lab.eosflow('plan workflow.yaml')
    writeFileSync(storeOf(lab), 'no database at all, but longer than nothing')
    expect(await validated(lab)).toEqual({ code: 0, codes: [], notes: [] })
  })

  const broken: readonly (readonly [string, RegExp, (lab: Lab) => void])[] = [
    ['damaged', /store\.db/, (lab) => writeFileSync(storeOf(lab), 'x'.repeat(8192))],
    [
      'of another layout',
      /layout|version|made by/,
      (lab) => {
        const database = new Database(storeOf(lab))
        database.pragma('user_version = 99')
        database.close()
      },
    ],
    ['without its key', /install key/, (lab) => rmSync(join(lab.dir, '.eosflow/install.key'))],
    ['lost', /there was a store here/, (lab) => rmSync(storeOf(lab))],
  ]

  test.each(everyNth(4, 'stores that cannot be read', broken))(
    'one that is %s is a note, and the lines are judged without it',
    async (_, why, breaks) => {
      const lab = doubtedLab('leaf1')
      await lab.eosflow('plan vlan.yaml')
      await learn(lab, EOS, NTP, MTU)
      breaks(lab)
      const { notes, ...judged } = await validated(lab)
      expect(judged).toEqual({ code: 3, codes: ['misspelt-word'] })
      expect(notes).toEqual([
        expect.stringMatching(new RegExp(`^! what switches have taken is not known here: .*${why.source}`)),
      ])
    },
  )

  test('one that another process holds is a note', { tags: ['long', 'turn'] }, async () => {
    const lab = doubtedLab('leaf1')
    await lab.eosflow('plan vlan.yaml')
    await learn(lab, EOS, NTP, MTU)
    const holder = new Database(storeOf(lab))
    holder.pragma('locking_mode = EXCLUSIVE')
    holder.exec('BEGIN EXCLUSIVE')
    expect(await validated(lab)).toMatchObject({
      code: 3,
      notes: [expect.stringMatching(/^! what switches have taken is not known here: /)],
    })
    holder.close()
    expect(await validated(lab)).toMatchObject({ code: 0, notes: [] })
  })

  test('one in a database is not contacted', async () => {
    const lab = doubtedLab('leaf1', { 'eosflow.yaml': "version: 1\nstore: 'postgres://eos@127.0.0.1:1/eosflow'\n" })
    expect(await validated(lab)).toEqual({
      ...REFUSED,
      notes: [
        '! what switches have taken is not known here: the store is in a database, and nothing is contacted here',
      ],
    })
  })

  test('one of somebody else that cannot be looked at is a note', async () => {
    const lab = doubtedLab('leaf1')
    await lab.eosflow('plan vlan.yaml')
    chmodSync(join(lab.dir, '.eosflow/install.key'), 0o644)
    expect(await validated(lab)).toMatchObject({ code: 3, notes: [expect.stringContaining('install.key')] })
  })
})
