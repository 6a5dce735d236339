import { expect, test } from 'vitest'
import type { Json } from '../../../../src/model/json.ts'
import { endSilences } from '../../../../src/project/execution/around/around-port.ts'
import type { ServiceCall } from '../../../../src/project/execution/around/ask-service.ts'

const MARK = { execution: '20260105-070000-00c0ffee', key: 'silence' }
const ID = '0b1c7a3e-0000-4000-8000-000000000001'
const EXPIRED: Json = { id: ID, status: { state: 'expired' }, comment: 'x' }

/** An Alertmanager that answers each request with what stands there for it, the last one again and again. */
function answering(answers: Readonly<Record<string, readonly Json[]>>) {
  const asked: string[] = []
  const ask = async ({ method, path }: ServiceCall) => {
    const call = `${method} ${path}`
    const turn = asked.filter((one) => one === call).length
    asked.push(call)
    const list = answers[call] ?? []
    return list[Math.min(turn, list.length - 1)] ?? null
  }
  return { ask, asked }
}

const OWN = `/api/v2/silence/${ID}`

test('[3A7] a silence that cannot be read is deleted by its id, and read after that', async () => {
  const { ask, asked } = answering({ [`GET ${OWN}`]: [{ id: ID, status: 'active' }, EXPIRED] })
  expect(await endSilences(ask, { ...MARK, id: ID, isInDoubt: false })).toBe(`${ID} expired`)
  expect(asked).toEqual([`GET ${OWN}`, `DELETE ${OWN}`, `GET ${OWN}`])
})

test('one that cannot be read afterwards either is not called expired, and was deleted', async () => {
  const { ask, asked } = answering({ [`GET ${OWN}`]: [{ id: ID }] })
  await expect(endSilences(ask, { ...MARK, id: ID, isInDoubt: false })).rejects.toMatchObject({ kind: 'protocol' })
  expect(asked).toContain(`DELETE ${OWN}`)
})

test('[3A7] where the list of silences cannot be read the known one is deleted first', async () => {
  const active: Json = { id: ID, status: { state: 'active' }, comment: 'x' }
  const { ask, asked } = answering({ [`GET ${OWN}`]: [active, EXPIRED], 'GET /api/v2/silences': [['no silence']] })
  await expect(endSilences(ask, { ...MARK, id: ID, isInDoubt: true })).rejects.toMatchObject({ kind: 'protocol' })
  expect(asked.slice(0, 3)).toEqual([`GET ${OWN}`, `DELETE ${OWN}`, `GET ${OWN}`])
})
