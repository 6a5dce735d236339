import { expect, test } from 'vitest'
import { ANN, openLab } from '../../lab/lab.ts'

test('the local user logs in with the link of the terminal, once', async () => {
  const bench = await openLab().serve()
  await bench.front.link?.renew()
  const [link = ''] = bench.links
  const shown = await bench.ask('GET', link)
  expect([shown.status, shown.headers.get('set-cookie')]).toEqual([200, null])
  const secret = link.slice('/login?link='.length)
  const own = { origin: 'http://localhost:7474', 'sec-fetch-site': 'same-origin' }
  const entered = await bench.ask('POST', '/login', { form: { link: secret }, headers: own })
  expect([entered.status, entered.headers.get('location')]).toEqual([303, '/'])
  const cookie = entered.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^__Host-eosflow=[0-9a-f]{64}; Path=\/; Secure; HttpOnly; SameSite=Lax$/)
  const again = await bench.ask('POST', '/login', { form: { link: secret }, headers: own })
  expect(again.status).toBe(401)

  const session = cookie.slice('__Host-eosflow='.length, '__Host-eosflow='.length + 64)
  const me = await bench.ask('GET', '/api/v1/me', { session })
  expect(me.json).toMatchObject({ version: 1, identity: ANN })
})

test('whoever else on the machine asks for links spoils none that the terminal has shown, and does not fill it', async () => {
  const bench = await openLab().serve()
  const own = { origin: 'http://localhost:7474', 'sec-fetch-site': 'same-origin' }
  await bench.front.link?.renew()
  const asked: number[] = []
  for (let second = 0; second < 300; second += 1) {
    asked.push((await bench.ask('POST', '/login/another-link', { headers: own })).status)
    await bench.lab.clock.advance(1_000)
  }
  expect([bench.links.length, asked.filter((status) => status === 303).length]).toEqual([10, 9])
  expect([...new Set(asked)].sort()).toEqual([303, 409])
  const enter = async (link: string) => {
    const secret = link.slice('/login?link='.length)
    return (await bench.ask('POST', '/login', { form: { link: secret }, headers: own })).status
  }
  const [first = '', second = ''] = bench.links
  const newest = bench.links.at(-1) ?? ''
  expect([await enter(first), await enter(first), await enter(newest), await enter(newest)]).toEqual([
    303, 401, 303, 401,
  ])
  // There is room for another one, and the old ones end with their time.
  expect((await bench.ask('POST', '/login/another-link', { headers: own })).status).toBe(303)
  await bench.lab.clock.advance(11 * 60_000)
  expect([await enter(second), await enter(bench.links.at(-1) ?? '')]).toEqual([401, 303])
  expect(bench.links).toHaveLength(11)
})

test('[B7] a good link is taken however many wrong ones somebody else on the machine has tried', async () => {
  const bench = await openLab().serve()
  const own = { origin: 'http://localhost:7474', 'sec-fetch-site': 'same-origin' }
  await bench.front.link?.renew()
  const [link = ''] = bench.links
  const enter = async (secret: string) =>
    (await bench.ask('POST', '/login', { form: { link: secret }, headers: own, from: '127.0.0.1' })).status
  const wrong: number[] = []
  for (let n = 0; n < 70; n += 1) wrong.push(await enter('0'.repeat(64)))
  expect([wrong.filter((status) => status === 401).length, wrong.at(-1)]).toEqual([60, 429])
  expect(await enter(link.slice('/login?link='.length))).toBe(303)
})
