import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { exits, json, type Lab, openLab, prints, whereIs } from '../lab/lab.ts'

/** The change of one VLAN, begun when an owner has answered. */
const ASKED = readFileSync(new URL('../e2e/asked-owner.yaml', import.meta.url), 'utf8')

/** A change that waits for its owner, with nobody attending. */
async function waiting() {
  const lab = openLab({ workflow: ASKED })
  lab.fabric.fault({ device: 'leaf1', kind: 'unreachable', for: 5 })
  await exits(12, lab.eosflow('run workflow.yaml --detach'))
  await lab.ok('approve @latest')
  const { out } = await exits(12, lab.eosflow('resume @latest --detach'))
  return { lab, said: out }
}

async function tokenOf(lab: Lab) {
  const { out } = await lab.eosflow('show @latest --tokens --json')
  const { tokens } = JSON.parse(out)
  expect(tokens).toEqual([{ path: '', state: 'AskOwner', token: expect.stringMatching(/^eosflow-task-.{43}$/) }])
  return tokens[0]?.token ?? ''
}

describe('an execution that waits for an answer from outside', () => {
  test('says who waits, what for, the retries it has cost, and how to get the token, but not the token', async () => {
    const { lab, said } = await waiting()
    expect(said).toMatch(/^device +result +verify +retries +end state$/m)
    const spent = Number(/^leaf1 +○ untouched +- +([1-3]) +BEFORE: never committed$/m.exec(said)?.[1])
    expect(spent).toBeGreaterThan(0)
    expect(said).toMatch(/^AskOwner waits for an answer from outside \(token [0-9a-f]{8}\): May the change begin\?$/m)
    expect(said).toMatch(/: eosflow show (\S+) --tokens\n\nExecution \1: waits for an answer from outside · /)
    expect(said).not.toContain('eosflow-task-')
    const shown = await json(lab.eosflow('show @latest --json'))
    expect(shown).toMatchObject({
      devices: [{ name: 'leaf1', end: 'untouched', retries: spent }],
      waitingFor: [{ path: '', state: 'AskOwner', waitsFor: 'signal', message: 'May the change begin?' }],
    })
    expect((await lab.eosflow('executions')).out).toMatch(/ asked {2}waiting-for-signal\n {4}leaf1:untouched\n/)
    await lab.ok('stop @latest')
  })

  test('goes on with the token that show --tokens gives', { tags: 'long' }, async () => {
    const { lab } = await waiting()
    const line = /^AskOwner: (eosflow-task-\S{43})$/m.exec((await lab.eosflow('show @latest --tokens')).out)
    const token = await tokenOf(lab)
    expect(line?.[1]).toBe(token)
    await lab.ok('signal', token, '--output', '{"by":"owner"}')
    await prints(0, lab.eosflow('resume @latest'), 'succeeded · 1 switch: 1 confirmed')
    expect(whereIs(lab.fabric.device('leaf1'))).toBe('AFTER')
    expect((await lab.eosflow('show @latest --tokens')).out).toMatch(/^0 tokens\n/)
  })

  test('and fails: the recap names the state that failed, with its error, and the one whose error was handled', async () => {
    const { lab } = await waiting()
    await lab.ok('signal', await tokenOf(lab), '--error', 'NotToday', '--cause', 'audit')
    await prints(
      10,
      lab.eosflow('resume @latest'),
      /^✖ leaf1: AskOwner NotToday: audit \(handled\)$/m,
      /^✖ leaf1: GiveUp failed: OwnerSaysNo$/m,
      'refused: nothing was committed · 1 switch: 1 untouched',
    )
  })
})
