import { afterAll, beforeAll, expect, test } from 'vitest'
import { soon } from '../../lab/loopback.ts'
import { startTeam, type Team } from './team.ts'

let team: Team
beforeAll(async () => {
  team = await startTeam(1)
}, 120_000)
afterAll(() => team?.close())

test('of three workers one is killed and one is drained by its name: who reads the record sees which process, and whom to thank', {
  tags: 'night',
  timeout: 120_000,
}, async () => {
  const [killed, drained, left] = [await team.worker(), await team.worker(), await team.worker()]
  const nameOf = ({ name }: { readonly name: string }) => name.replace('worker:', '')
  killed.process.kill('SIGKILL')
  const list = async () => (await team.eosflow('audit list --code EF7')).out
  await soon(async () => (await list()).includes('EF701W'), 60_000)
  const { out } = await team.eosflow('drain', nameOf(drained))
  expect(out).toContain(`${drained.id} is asked to drain`)
  expect(await drained.ended).toBe(0)
  const said = await list()
  expect(said.match(/EF70[12][IW]/g)).toEqual(['EF701W', 'EF702I'])
  expect(said).toContain(`the worker ${nameOf(killed)} (${killed.id}) is dead: its last sign of life was at`)
  expect(said).toMatch(new RegExp(`by (?:${nameOf(drained)} \\(${drained.id}\\)|${nameOf(left)} \\(${left.id}\\))`))
  expect(said).toContain(`asked the worker ${nameOf(drained)} (${drained.id}) to drain`)
  const rows = (await team.eosflow('workers')).out
  expect(rows).toMatch(new RegExp(`${left.id} +${nameOf(left)} +worker +alive`))
  expect(rows).toMatch(new RegExp(`${killed.id} +${nameOf(killed)} +worker +dead`))
  expect(await team.eosflow('audit verify')).toMatchObject({ code: 0 })
})
