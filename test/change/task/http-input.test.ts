import { expect, test } from 'vitest'
import { HttpInput } from '../../../src/change/task/act/http-request.ts'

const GET = { method: 'GET', url: 'https://cmdb.example/a' }

const isTaken = (given: object) => HttpInput.safeParse({ ...GET, ...given }).success

test('a status that is listed as a success is one of an answer, and no redirect', () => {
  const asked = Array.from({ length: 700 }, (_, status) => status)
  const refused = asked.filter((status) => !isTaken({ expect: { status: [status] } }))
  expect(refused.filter((status) => status >= 200 && status < 600)).toEqual([300, 301, 302, 303, 305, 306, 307, 308])
  expect(refused.filter((status) => status < 200 || status >= 600)).toHaveLength(300)
  expect(isTaken({ expect: { status: [] } })).toBe(false)
})

test('an answer may take from one second to five minutes, and half a minute where nothing is said', () => {
  const asked = [0, 1, 300, 301, 1.5]
  expect(asked.filter((timeoutSeconds) => isTaken({ timeoutSeconds }))).toEqual([1, 300])
  expect(HttpInput.parse(GET)).toMatchObject({ timeoutSeconds: 30, repeatable: false, headers: {}, query: {} })
})

test('addresses and headers are at most 8192 characters long', () => {
  const url = (length: number) => GET.url.padEnd(length, 'a')
  expect([url(8192), url(8193)].map((one) => isTaken({ url: one }))).toEqual([true, false])
  expect(['a'.repeat(8192), 'a'.repeat(8193)].map((one) => isTaken({ headers: { x: one } }))).toEqual([true, false])
})

test('a secret is no part of an address, in whatever form it is written there', () => {
  const forms = [`\${env:KEY}`, '%24{env:KEY}', '$%7benv:KEY}', '%24%7Benv%3AKEY%7D', '$%7Bvault%3aKEY}']
  const asked = forms.flatMap((form) => [`${GET.url}/${form}`, `${GET.url}?k=${form}`])
  expect(asked.filter((url) => isTaken({ url }))).toEqual([])
  expect(isTaken({ url: `${GET.url}?k=%24%7BKEY%7D` })).toBe(true)
})
