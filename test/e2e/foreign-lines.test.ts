// @module-tag long
import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import { type Lab, openLab, typeOn } from '../lab/lab.ts'
import { leaves, running } from './two-leaves.ts'

const workflow = (more = '') => `name: replace
targets: leaf1
change:
  mode: replace
  file: 'intended/{{ device.name }}.cfg'
${more}
steps:
  - snapshot
  - plan
  - approve
  - push: { confirmWithin: 2m }
  - verify: { within: 10s, stableFor: 0s, every: 1s, checks: [reachable] }
  - confirm
`

const MERGE = `name: merge
targets: leaf1
change: { mode: merge, lines: ['interface Ethernet2', '   description HOST_db1'] }
steps:
  - snapshot
  - plan
  - approve
  - push: { confirmWithin: 2m }
  - verify: { within: 10s, stableFor: 0s, every: 1s, checks: [reachable] }
  - confirm
`

/** What leaf1 runs at first, with another name of its VLAN. */
const INTENDED = running('leaf1', 1).replace('PROD-WEB', 'PROD-NEW')

function lab(more = '') {
  return openLab({
    switches: leaves(1),
    files: { 'replace.yaml': workflow(more), 'merge.yaml': MERGE, 'intended/leaf1.cfg': INTENDED },
  })
}

const byHand = ({ fabric }: Lab, ...lines: readonly string[]) =>
  typeOn(fabric.device('leaf1'), 'configure', ...lines, 'end', 'copy running-config startup-config')

const writes = ({ fabric }: Lab) =>
  fabric.devices.flatMap((device) => device.requests()).filter(({ kind }) => kind === 'write').length

async function done(lab: Lab, ...argv: readonly string[]) {
  const { code, out, err } = await lab.agreed(...argv)
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${code}\n${out}${err}`)
  return /Execution (\S+):/.exec(out)?.[1] ?? ''
}

test('a switch without an intended text: one sentence and a count, until what it runs is adopted', async () => {
  const one = lab()
  const refused = await one.exits(10, 'plan replace.yaml')
  expect(refused.err).toContain(
    'leaf1: 1 line goes, and nobody knows whether anybody wants it: no intended text of this switch is on record',
  )
  const sent = writes(one)
  const adopted = await one.eosflow('adopt leaf1')
  expect(adopted.err).toBe('')
  expect(adopted.out).toMatch(
    /^leaf1: \d+ lines, the first intended text on record\nAdopted: 1 switch · snapshot adopted-\d{8}-\d{6}\n/,
  )
  expect(writes(one)).toBe(sent)
  const planned = await one.ok('plan replace.yaml')
  expect(planned.out).not.toContain('foreign')
})

test('[G100] a line that somebody typed is foreign, with its block; what eosflow has put there is not', async () => {
  const one = lab()
  await one.eosflow('adopt leaf1')
  const id = await done(one, 'run', 'replace.yaml')
  await done(one, 'run', 'merge.yaml')
  await byHand(one, 'interface Ethernet1', 'error-correction encoding reed-solomon', 'exit', 'vlan 999')
  const refused = await one.exits(10, 'plan replace.yaml')
  expect(refused.err).toContain(
    `leaf1: 2 lines go that nobody on record has written (neither execution ${id} nor a change since):\n` +
      '      vlan 999\n      interface Ethernet1 > error-correction encoding reed-solomon\n',
  )
  one.write('replace.yaml', workflow('allow: [foreign-removals]'))
  const { out } = await one.ok('plan replace.yaml')
  expect(out).toContain(`\n! RISK (foreign-removals): Lines that nobody declared, and that go:
leaf1: 2 lines go that nobody on record has written (neither execution ${id} nor a change since)
  - vlan 999
    interface Ethernet1
  -    error-correction encoding reed-solomon
`)
})

test('a rollback takes the lines of a change off again, and what was foreign before is foreign again', {
  tags: 'turn',
}, async () => {
  const one = lab('allow: [foreign-removals]')
  await one.eosflow('adopt leaf1')
  await byHand(one, 'vlan 999')
  const id = await done(one, 'run', 'replace.yaml')
  await done(one, 'rollback', id)
  one.write('replace.yaml', workflow())
  const refused = await one.eosflow('plan replace.yaml')
  expect(refused.err).toContain('leaf1: 1 line goes that nobody on record has written (neither snapshot adopted-')
  expect(refused.err).toContain('\n      vlan 999\n')
})

test('what the workflow keeps stays, and what is sent is what was approved', { tags: 'turn' }, async () => {
  const keep = "  keep: ['interface Ethernet* > error-correction *', 'vlan 999', 'vlan 7*']\n"
  const one = lab(keep)
  await one.eosflow('adopt leaf1')
  await byHand(one, 'interface Ethernet1', 'error-correction encoding reed-solomon', 'exit', 'vlan 999')
  const { out, err } = await one.eosflow('plan replace.yaml --details')
  expect(err).not.toContain('✖')
  expect(out).toContain(`Lines that stay, because the workflow keeps them:
leaf1:
  = vlan 999
  = interface Ethernet1 > error-correction encoding reed-solomon
`)
  expect(out).toContain('! `keep` names vlan 7*, and no switch has such a line')
  await done(one, 'run', 'replace.yaml')
  const text = renderConfig(one.device('leaf1').switch.running)
  expect(text).toContain('   error-correction encoding reed-solomon\n')
  expect(text).toContain('vlan 999\n')
  expect(text).toContain('   name PROD-NEW\n')
})

test('a kept line that the intended configuration contradicts is foreign, and the refusal says why it is not kept', async () => {
  const one = lab("  keep: ['interface Ethernet1 > description *']\n")
  await one.eosflow('adopt leaf1')
  await byHand(one, 'interface Ethernet1', 'description typed by hand')
  const { err } = await one.exits(10, 'plan replace.yaml')
  expect(err).toContain(
    'interface Ethernet1 > description typed by hand (not kept: the intended configuration says otherwise)',
  )
})

test('what a commit timer may take back is not adopted, and only lines that nobody intended are told', async () => {
  const one = lab()
  await one.eosflow('adopt leaf1')
  await byHand(one, 'vlan 999')
  expect((await one.eosflow('adopt leaf1')).out).toMatch(
    /^leaf1: \d+ lines, 1 of them not intended until now\n {2}\+ vlan 999\nAdopted: 1 switch/,
  )
  await typeOn(one.device('leaf1'), 'configure session theirs', 'vlan 998', 'commit timer 00:10:00')
  const { code, out, err } = await one.eosflow('adopt leaf1')
  await typeOn(one.device('leaf1'), 'configure session theirs abort')
  expect([code, out]).toEqual([9, ''])
  expect(err).toContain('leaf1: session theirs is under a commit timer')
})

test('a secret that only the beginning of its line gives away is in nothing that names the line with its block', {
  tags: 'turn',
}, async () => {
  const one = lab("  keep: ['management ssh > *']\n")
  await one.eosflow('adopt leaf1')
  await byHand(one, 'management ssh', 'secret CANARY7331')
  const kept = await one.eosflow('plan replace.yaml --json')
  expect(kept.out).toContain('management ssh > secret <redacted')
  one.write('replace.yaml', workflow())
  const refused = await one.eosflow('plan replace.yaml')
  expect(refused.err).toContain('management ssh > secret <redacted>')
  const adopted = await one.eosflow('adopt leaf1')
  expect(adopted.out).toContain('management ssh > secret <redacted>')
  expect(JSON.stringify([kept, refused, adopted])).not.toContain('CANARY7331')
})

test('a foreign line that was kept is foreign still, once it is kept no longer', {
  tags: 'turn',
}, async () => {
  const one = lab("  keep: ['vlan 999']\n")
  await one.eosflow('adopt leaf1')
  await byHand(one, 'vlan 999')
  const id = await done(one, 'run', 'replace.yaml')
  one.write('replace.yaml', workflow())
  const { err } = await one.exits(10, 'plan replace.yaml')
  expect(err).toContain(
    `leaf1: 1 line goes that nobody on record has written (neither execution ${id} nor a change since):\n      vlan 999\n`,
  )
})

test('the record of another switch of the same name is not that of this one', async () => {
  let isAnother = false
  const one = openLab({
    switches: leaves(2),
    answers: (_, device) => (isAnother && device === 'leaf1' ? 'leaf2' : device),
    files: { 'replace.yaml': workflow('allow: [management]'), 'intended/leaf1.cfg': INTENDED },
  })
  await one.eosflow('adopt leaf1')
  isAnother = true
  const { err } = await one.exits(10, 'plan replace.yaml')
  expect(err).toContain('no intended text of this switch is on record')
})

const SEAL = ['store', 'seal', '--keep', '0', '--reason', 'the disk is nearly full'] as const

/** Seals what may leave the store of a lab, and says how it is taken away from its place and put back. */
async function sealed(one: Lab) {
  // What an approval that holds was given for stays in the store.
  await one.clock.advance(5 * 3_600_000)
  expect((await one.eosflow(...SEAL)).err).toBe('')
  const [place, elsewhere] = [join(one.dir, '.eosflow/segments'), join(one.dir, 'tape')]
  expect(readdirSync(place).filter((file) => file.endsWith('.jsonl'))).toHaveLength(1)
  return { away: () => renameSync(place, elsewhere), back: () => renameSync(elsewhere, place) }
}

test('an intended text that is sealed in a segment is the intended one still; where the segment is away nobody knows it', {
  tags: 'turn',
}, async () => {
  const one = lab()
  await one.eosflow('adopt leaf1')
  const id = await done(one, 'run', 'replace.yaml')
  // The newest change of a switch stays in the store; the one that has confirmed the whole text does not.
  await done(one, 'run', 'merge.yaml')
  await byHand(one, 'vlan 999')
  const segment = await sealed(one)
  const known = `leaf1: 1 line goes that nobody on record has written (neither execution ${id} nor a change since):\n      vlan 999\n`
  expect((await one.eosflow('plan replace.yaml')).err).toContain(known)
  segment.away()
  const { code, err } = await one.eosflow('plan replace.yaml')
  expect([code, err]).toEqual([
    10,
    expect.stringContaining(
      'leaf1: 1 line goes, and nobody knows whether anybody wants it: the record of its last intended text is archived and not at its place',
    ),
  ])
  expect(err).not.toContain('vlan 999')
  segment.back()
  expect((await one.eosflow('plan replace.yaml')).err).toContain(known)
  segment.away()
  // What runs is adopted without it, and from then on nothing of the segment is asked for.
  const adopted = await one.eosflow('adopt leaf1')
  expect([adopted.code, adopted.err]).toEqual([0, ''])
  expect(adopted.out).toMatch(/^leaf1: \d+ lines, the first intended text on record\nAdopted: 1 switch/)
  await byHand(one, 'interface Ethernet1', 'error-correction encoding reed-solomon')
  const since = await one.eosflow('plan replace.yaml')
  expect(since.err).toMatch(
    /leaf1: 1 line goes that nobody on record has written \(neither snapshot adopted-\S+ nor a change since\):\n {6}interface Ethernet1 > error-correction encoding reed-solomon\n/,
  )
})

test('an adopted text stays in the store when everything is sealed', { tags: 'turn' }, async () => {
  const one = lab()
  await done(one, 'run', 'merge.yaml')
  await one.eosflow('adopt leaf1')
  one.write('merge.yaml', MERGE.replace('HOST_db1', 'HOST_db2'))
  await done(one, 'run', 'merge.yaml')
  const segment = await sealed(one)
  segment.away()
  await byHand(one, 'vlan 999')
  const { err } = await one.exits(10, 'plan replace.yaml')
  expect(err).toMatch(
    /leaf1: 1 line goes that nobody on record has written \(neither snapshot adopted-\S+ nor a change since\):\n {6}vlan 999\n/,
  )
})
