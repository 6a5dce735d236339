import { expect, test } from 'vitest'
import { routes } from '../../../src/doors/http/http-app.ts'
import { openApiDocument } from '../../../src/doors/http/openapi.ts'
import { partOf } from '../../lab/part-of.ts'

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly operationId: string
            readonly responses: object
            readonly parameters?: readonly { readonly name: string; readonly in: string }[]
          }
        >
      >
    >
  >
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

const document = openApiDocument(routes, { version: '0.0.0', server: 'http://localhost:7474' })

test('the description of the server is the one that clients were made from', async () => {
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../../golden/openapi.json')
})

test('every route for programs is described, each under a name of its own, and every reference leads somewhere', () => {
  const { paths, components } = partOf<Document>(document)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  )
  const api = routes.filter(({ path }) => path.startsWith('/api/'))
  expect(api.length).toBeGreaterThan(25)
  for (const { method, path } of api) {
    const found = operations.find((one) => one.path === path.replace('+}', '}') && one.method === method.toLowerCase())
    expect(found, `${method} ${path}`).toBeDefined()
    for (const [, name] of path.matchAll(/\{(\w+)\+?\}/g))
      expect(found?.parameters).toContainEqual(expect.objectContaining({ name, in: 'path', required: true }))
  }
  const names = operations.map(({ operationId }) => operationId)
  expect(new Set(names).size).toBe(names.length)
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name = '']) => name,
  )
  expect(references.length).toBeGreaterThan(50)
  expect(references.filter((name) => components.schemas[name] === undefined)).toEqual([])
  expect([...JSON.stringify(document).matchAll(/"\$ref"/g)]).toHaveLength(references.length)
})

test('what is asked for may be sent, and what is answered may have more members one day', () => {
  const { paths, components } = partOf<Document>(document)
  expect(JSON.stringify(document)).not.toContain('"readOnly"')
  const answers = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ responses }) => JSON.stringify(responses)),
  )
  const closed = [...answers, JSON.stringify(components)].filter((text) =>
    text.includes('"additionalProperties":false'),
  )
  expect(closed).toEqual([])
  expect(answers.length).toBeGreaterThan(30)
})

test('the description says what a client needs that has an approval signed elsewhere', () => {
  const text = JSON.stringify(document)
  for (const words of [
    'ssh-keygen -Y sign -n approval@eosflow',
    'RFC 8785',
    '`terms.store` of the plan',
    '`record`: a record',
  ])
    expect(text).toContain(words)
})
